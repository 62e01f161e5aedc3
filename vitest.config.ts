import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    globalSetup: 'test/build-when-stale.ts',
    // Tests never depend on the terminal or CI they happen to run in.
    env: { NO_COLOR: '1', CI: '', GITHUB_ACTIONS: '', FORCE_COLOR: '' },
  },
})
