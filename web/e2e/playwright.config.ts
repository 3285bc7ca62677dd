import { join } from 'node:path'
import { defineConfig } from '@playwright/test'
import { ROOT } from './harness/server.ts'

// Each test is a call between whole browsers: more than one at a time would measure the machine, not the product.
export default defineConfig({
  testDir: 'tests',
  outputDir: join(ROOT, 'target/e2e/results'),
  workers: 1,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['./tests/reporter.ts']],
})
