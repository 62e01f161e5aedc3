import { beforeAll } from 'vitest'
import { testCommands } from './commands.ts'
import { type HostileDesk, runHostileProject } from './hostile-run.ts'
import { testJob } from './job.ts'
import { testPages } from './pages.ts'
import { testReporters } from './reporters.ts'

/** One project and its runs for all of them: they take longer than everything that reads them. */
let made: HostileDesk | undefined

beforeAll(async () => {
  made = await runHostileProject()
}, 120_000)

function desk(): HostileDesk {
  if (made === undefined) throw new Error('the runs failed')
  return made
}

testJob(desk)
testReporters(desk)
testPages(desk)
testCommands(desk)
