import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Only to end what hangs: nothing here measures time, and a machine may have other work.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    globalSetup: 'test/build-when-stale.ts',
    // Tests never depend on the terminal or CI they happen to run in.
    env: { NO_COLOR: '1', CI: '', GITHUB_ACTIONS: '', FORCE_COLOR: '' },
  },
})
