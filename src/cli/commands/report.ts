import type { Command } from 'commander'
import type { ReportOptions } from '../actions/report.ts'
import type { Io } from '../io.ts'
import { addOutputOptions } from '../options.ts'

export function addReportCommand(program: Command, io: Io): void {
  const command = program
    .command('report')
    .description('Render the result of a run. Never changes a verdict; exits 0.')
    .argument('<run>', 'a run folder or a result.json')
  addOutputOptions(command).action(async (run: string, options: ReportOptions) => {
    const { reportAction } = await import('../actions/report.ts')
    await reportAction(run, options, io)
  })
}
