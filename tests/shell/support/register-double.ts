/** Loaded before the built shell: whoever imports `electron` gets the double. */
import { registerHooks } from 'node:module'

const double = new URL('./electron-double.ts', import.meta.url).href

registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === 'electron' ? { url: double, shortCircuit: true } : nextResolve(specifier, context),
})
await import('./double-remote.ts')
