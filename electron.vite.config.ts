import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const from = (path: string) => resolve(import.meta.dirname, path)

export default defineConfig({
  main: {
    build: {
      outDir: from('out/main'),
      // For stack traces and coverage; neither served nor packed.
      sourcemap: 'hidden',
      // Everything goes into the bundle but the native module: it starts faster and the package holds no node_modules.
      externalizeDeps: false,
      rolldownOptions: {
        input: {
          index: from('src-main/shell/main.ts'),
          engine: from('src-main/engine/main.ts'),
          'browser-host': from('src-main/browser-host/main.ts'),
        },
        // The last two are native accelerators that ws uses when somebody installed them.
        external: ['better-sqlite3', 'bufferutil', 'utf-8-validate'],
        output: { chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: from('out/preload'),
      // A sandboxed preload can only load one CommonJS file.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: from('src-main/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: from('src-renderer'),
    base: './',
    plugins: [react()],
    build: {
      outDir: from('out/renderer'),
      minify: true,
      sourcemap: 'hidden',
      rolldownOptions: { input: from('src-renderer/index.html') },
    },
  },
})
