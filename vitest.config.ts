import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      '{domain,server,src-main,src-renderer,tools}/**/*.test.{ts,tsx}',
      'tests/{integration,contract,protocol,hostile,fuzz,chaos,alerts,package,shell,house}/**/*.test.ts',
    ],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores: more forks only take turns, and real servers in tests want the second one.
    maxWorkers: 2,
    pool: 'forks',
    coverage: {
      provider: 'v8',
      include: ['domain/**/*.ts', 'server/**/*.ts', 'src-main/**/*.ts', 'src-renderer/**/*.{ts,tsx}'],
      exclude: ['**/*.test.{ts,tsx}'],
      reporter: ['text-summary', 'json-summary', 'json', 'html'],
      reportsDirectory: 'coverage',
    },
  },
})
