import { defineConfig } from 'tsdown'

/** What a program imports, what `bin` starts, and a thread that helps lint. Packages stay outside the bundle. */
export default defineConfig({
  entry: { index: 'src/index.ts', cli: 'src/cli/main.ts', 'lint-worker': 'src/cli/lint-worker.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20',
  dts: { entry: 'src/index.ts' },
  sourcemap: false,
  clean: true,
})
