// Prints what the journeys measured, under the list of the journeys.
import type { Reporter, TestCase } from '@playwright/test/reporter'

export default class Figures implements Reporter {
  onTestEnd(test: TestCase): void {
    for (const { type, description } of test.annotations)
      process.stdout.write(`      ${type}: ${description}\n`)
  }

  printsToStdio(): boolean {
    return false
  }
}
