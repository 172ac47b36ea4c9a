import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Properties and whole runs take seconds on a busy machine; what hangs is stopped all the same.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Vitest would leave one core idle, which is half of two.
    maxWorkers: '100%',
  },
})
