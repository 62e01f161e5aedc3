import tseslint from 'typescript-eslint'

const clock =
  'Take a Clock parameter; only src/cli/node-io.ts and src/cli/outside/outside.ts, and src/page/browser.ts, read the real one.'
const random = 'Take a seeded Rng parameter; every run must be repeatable from its seed.'
const io =
  'Take an Io parameter; only src/cli/node-io.ts touches the process, and src/page/browser.ts a browser.'

export default tseslint.config(
  { ignores: ['dist', 'coverage', 'node_modules', 'bench', 'scripts', 'bin', '*.js', '*.ts'] },
  {
    files: ['src/**/*.ts', 'test/**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./test/tsconfig.json', './src/page/tsconfig.json', './test/page/tsconfig.json'],
      },
    },
    rules: {
      complexity: ['error', 10],
      'max-depth': ['error', 3],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 3],
      'no-console': 'error',
      'no-param-reassign': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // `import { type A }` still loads the module when the program runs; `import type` does not.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    // These are the outside.
    ignores: [
      'src/cli/node-io.ts',
      'src/cli/outside/outside.ts',
      'src/cli/outside/spawn-group.ts',
      'src/cli/host/main.ts',
      'src/page/browser.ts',
    ],
    rules: {
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      'no-restricted-globals': [
        'error',
        { name: 'Date', message: clock },
        { name: 'performance', message: clock },
        { name: 'setTimeout', message: clock },
        { name: 'process', message: io },
        { name: 'fetch', message: io },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: random },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'max-lines': 'off',
      'max-params': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
)
