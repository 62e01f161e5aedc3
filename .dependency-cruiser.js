/**
 * Who may import whom. One row per folder: everything a row does not list is forbidden.
 * `npm run arch` checks it, in CI too; `npm run arch:graph` draws it.
 */
const mayImport = {
  'errors.ts': [],
  'ports.ts': [],
  schema: ['errors.ts'],
  text: ['errors.ts', 'schema'],
  expr: ['errors.ts'],
  world: ['schema', 'expr', 'text', 'errors.ts'],
  controls: ['schema', 'expr', 'text', 'ports.ts', 'errors.ts'],
  providers: ['schema', 'text', 'ports.ts', 'errors.ts'],
  graders: ['schema', 'expr', 'world', 'controls', 'text', 'errors.ts'],
  metrics: ['schema'],
  suites: ['schema', 'expr', 'world', 'graders', 'metrics', 'text', 'ports.ts', 'errors.ts'],
  replay: ['schema', 'world', 'controls', 'providers', 'text', 'ports.ts', 'errors.ts'],
  serve: ['schema', 'world', 'controls', 'providers', 'replay', 'text', 'ports.ts', 'errors.ts'],
  money: ['schema', 'providers', 'metrics', 'text', 'ports.ts', 'errors.ts'],
  judge: ['schema', 'providers', 'replay', 'graders', 'metrics', 'text', 'ports.ts', 'errors.ts'],
  gate: ['schema', 'metrics', 'text', 'errors.ts'],
  report: ['schema', 'text'],
  // What runs in a browser. Types of the documents, and how numbers and drift are worded everywhere.
  page: ['schema', 'report/format.ts', 'report/metric-words.ts', 'report/history/drift-words.ts'],
  importers: ['schema', 'text', 'errors.ts'],
  authoring: ['schema', 'suites', 'graders', 'text', 'errors.ts'],
}
const pipeline = Object.keys(mayImport)
mayImport['run-evalset'] = pipeline
mayImport.lint = [...pipeline, 'run-evalset']
mayImport['index.ts'] = [...pipeline, 'run-evalset', 'lint']
mayImport.cli = [...pipeline, 'run-evalset', 'lint']

/** Packages and node modules, per folder; a folder not named here may use none. */
const mayUse = {
  schema: ['zod'],
  text: ['crypto'],
  controls: [
    '@cedar-policy/cedar-wasm',
    '@open-policy-agent/opa-wasm',
    'libphonenumber-js',
    '@secretlint/secretlint-rule-preset-recommend',
  ],
  expr: ['@bufbuild/cel', '@bufbuild/cel-spec', '@bufbuild/protobuf', '@bufbuild/re2'],
  world: ['ajv', 'ajv-formats', '@bufbuild/re2'],
  graders: ['zod'],
  metrics: ['simple-statistics', 'cephes'],
  suites: ['yaml', 'zod'],
  providers: ['zod', 'openai', '@anthropic-ai/sdk', '@pydantic/genai-prices'],
  serve: ['zod', '@modelcontextprotocol/server'],
  judge: ['zod'],
  importers: ['zod'],
  authoring: ['yaml'],
  cli: [
    '@modelcontextprotocol/client',
    'commander',
    'jiti',
    'zod',
    'fs',
    'fs/promises',
    'path',
    'process',
    'child_process',
    'events',
    'crypto',
    'events',
    'http',
    'https',
    'net',
    'async_hooks',
    'zlib',
    'url',
    'util',
    'stream',
    'readline',
    'readline/promises',
    'http',
    'crypto',
    'os',
    'module',
  ],
}

const pattern = (name) => `^src/${name.replace('.', '[.]')}${name.includes('.') ? '$' : '/'}`

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...Object.entries(mayImport).map(([name, allowed]) => ({
      name: `${name}-imports`,
      severity: 'error',
      comment: `src/${name} may import only: ${allowed.join(', ') || 'nothing'}.`,
      from: { path: pattern(name) },
      to: { path: '^(src|test|bin)/', pathNot: [name, ...allowed].map(pattern) },
    })),
    ...Object.keys(mayImport).map((name) => ({
      name: `${name}-packages`,
      severity: 'error',
      comment: `src/${name} may use only: ${(mayUse[name] ?? []).join(', ') || 'no package and no node module'}.`,
      from: { path: pattern(name) },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'core'],
        pathNot: (mayUse[name] ?? []).map((id) => `(^|node_modules/)${id}(/|$)`),
      },
    })),
    {
      name: 'every-folder-has-a-row',
      severity: 'error',
      comment: 'A new file or folder directly under src/ needs a row in `mayImport`.',
      from: { path: '^src/', pathNot: Object.keys(mayImport).map(pattern) },
      to: {},
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/' },
      to: {},
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependency',
      severity: 'error',
      from: { path: '^(src|bin)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'bin-to-cli-only',
      severity: 'error',
      from: { path: '^bin/' },
      to: { path: '^(src|dist)/', pathNot: '^dist/(cli|host)[.]mjs$' },
    },
  ],
  options: {
    doNotFollow: { path: '(^|/)(node_modules|dist)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
