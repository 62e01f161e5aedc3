import { defineConfig } from 'tsdown'

/** Two entries: what a program imports, and what `bin` starts. Packages stay outside the bundle. */
export default defineConfig({
  entry: { index: 'src/index.ts', cli: 'src/cli/main.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20',
  dts: { entry: 'src/index.ts' },
  sourcemap: false,
  clean: true,
})
