import { defineConfig } from 'tsdown'

/**
 * What a program imports, what `bin` starts, and what runs an agent that is a module. Packages stay
 * outside the bundle.
 */
export default defineConfig({
  entry: { index: 'src/index.ts', cli: 'src/cli/main.ts', host: 'src/cli/host/main.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20',
  dts: { entry: 'src/index.ts' },
  sourcemap: false,
  clean: true,
})
