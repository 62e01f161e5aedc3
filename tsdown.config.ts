import { defineConfig } from 'tsdown'

export default defineConfig([
  /**
   * What a program imports, what `bin` starts, and what runs an agent that is a module. Packages stay
   * outside the bundle.
   */
  {
    entry: { index: 'src/index.ts', cli: 'src/cli/main.ts', host: 'src/cli/host/main.ts' },
    format: 'esm',
    platform: 'node',
    target: 'node20',
    dts: { entry: 'src/index.ts' },
    sourcemap: false,
    clean: true,
  },
  /** What runs in a browser: it is written into the page, so it is small and needs nothing. */
  {
    entry: { page: 'src/page/main.ts' },
    outDir: 'dist/page',
    tsconfig: 'src/page/tsconfig.json',
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    dts: false,
    sourcemap: false,
    clean: false,
    outputOptions: { entryFileNames: 'page.js' },
    copy: [{ from: 'src/page/page.css', to: 'dist/page' }],
  },
])
