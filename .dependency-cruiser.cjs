/** The linter is the architect: who may import what (see the table in ARCHITECTURE.md). `npm run check` runs it. */

const electron = '(^|/)node_modules/electron(/|$)'
const lib = (name) => `(^|/)node_modules/${name}(/|$)`

const forbid = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to })

module.exports = {
  forbidden: [
    forbid('no-cycles', 'A cycle has no first file to read.', {}, { circular: true }),
    forbid('no-unresolved', 'An import must lead somewhere.', { pathNot: '^out/' }, { couldNotResolve: true }),
    forbid(
      'domain-is-pure',
      'domain imports schemas and dates only: nothing of ours, no node:, no other library; holidays are loaded when asked for.',
      { path: '^domain/', pathNot: '\\.test\\.ts$' },
      { pathNot: ['^domain/', lib('zod'), lib('temporal-polyfill'), lib('@orpc/contract'), lib('date-holidays')] },
    ),
    forbid(
      'engine-stands-alone',
      'The engine knows neither host, nor the renderer, nor the server.',
      { path: '^src-main/engine/', pathNot: '\\.test\\.ts$' },
      { path: ['^src-main/(?!engine/)', '^src-renderer/', '^server/', '^tests/', '^tools/', electron] },
    ),
    forbid(
      'shell-talks-through-the-port',
      'Shell and preload only wire: no engine internals, no cache, no socket.',
      { path: '^src-main/(shell|preload)/' },
      {
        path: [
          '^src-main/(engine|browser-host)/',
          '^src-renderer/',
          '^server/',
          '^tests/',
          '^tools/',
          lib('better-sqlite3'),
          lib('socket.io-client'),
        ],
      },
    ),
    forbid(
      'host-is-for-both-hosts',
      'What both hosts share knows neither of them, nor the engine.',
      { path: '^src-main/host/', pathNot: '\\.test\\.ts$' },
      {
        path: [
          '^src-main/(?!host/)',
          '^src-renderer/',
          '^server/',
          '^tests/',
          '^tools/',
          electron,
          lib('better-sqlite3'),
          lib('socket.io-client'),
        ],
      },
    ),
    forbid(
      'browser-host-is-no-electron',
      'The browser host runs where there is no Electron.',
      { path: '^src-main/browser-host/', pathNot: '\\.test\\.ts$' },
      {
        path: [
          '^src-main/(?!browser-host/|host/)',
          '^src-renderer/',
          '^server/',
          '^tests/',
          '^tools/',
          electron,
          lib('better-sqlite3'),
          lib('socket.io-client'),
        ],
      },
    ),
    forbid(
      'renderer-only-through-the-bridge',
      'The renderer reaches the outside through bridge.ts alone.',
      { path: '^src-renderer/', pathNot: '\\.test\\.tsx?$' },
      {
        path: [
          '^src-main/',
          '^server/',
          '^tests/',
          '^tools/',
          electron,
          lib('better-sqlite3'),
          lib('socket.io-client'),
          lib('@orpc/server'),
        ],
      },
    ),
    forbid(
      'renderer-has-no-node',
      'The renderer is a web page.',
      { path: '^src-renderer/', pathNot: '\\.test\\.tsx?$' },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'server-knows-no-client',
      'The server knows the domain, not the client.',
      { path: '^server/', pathNot: '\\.test\\.ts$' },
      { path: ['^src-', '^tests/', '^tools/', electron, lib('socket.io-client')] },
    ),
    forbid(
      'electron-only-in-shell',
      'shell and preload are the only rooms with Electron.',
      { pathNot: ['^src-main/(shell|preload)/', '^tests/'] },
      { path: electron },
    ),
    forbid(
      'sqlite-in-two-places',
      'better-sqlite3 lives in engine/cache and server/store.',
      {
        path: '^(src-main|server|domain|src-renderer)/',
        pathNot: ['^src-main/engine/cache/', '^server/store/', '\\.test\\.ts$'],
      },
      { path: lib('better-sqlite3'), dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'socket-client-in-one-place',
      'socket.io-client lives in engine/sync.',
      { path: '^(src-main|server|domain|src-renderer)/', pathNot: ['^src-main/engine/sync/', '\\.test\\.ts$'] },
      { path: lib('socket.io-client') },
    ),
    forbid(
      'product-needs-no-tests',
      'Nothing that ships imports a test or its tools.',
      { path: '^(src-main|server|domain|src-renderer)/', pathNot: '\\.test\\.tsx?$' },
      { path: ['\\.test\\.tsx?$', '^tests/', lib('vitest'), lib('fast-check'), lib('@playwright')] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|dist|coverage)/' },
    tsPreCompilationDeps: true,
    // Type imports couple too, but a cycle of types alone is none at run time.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
}
