import { Command } from 'commander'
import { addBaselineCommand } from './commands/baseline.ts'
import { addCompareCommand } from './commands/compare.ts'
import { addGateCommand } from './commands/gate.ts'
import { addImportCommand } from './commands/import.ts'
import { addInitCommand } from './commands/init.ts'
import { addJudgeCommand } from './commands/judge.ts'
import { addLintCommand } from './commands/lint.ts'
import { addPolicyCommand } from './commands/policy.ts'
import { addReportCommand } from './commands/report.ts'
import { addRunCommand } from './commands/run.ts'
import { addShowCommand } from './commands/show.ts'
import { addViewCommand } from './commands/view.ts'
import type { Io } from './io.ts'
import { version } from './version.ts'

const exitCodes = `
Exit codes: 0 pass, 1 regression, violation or finding, 2 usage (nothing was spent),
3 inconclusive (release preset or --strict), 4 evidence missing, 130/143 interrupted.`

const examples = `
Examples:
  agent-eval run                               every eval set, against its baseline
  agent-eval run --candidate agents/new.yaml   try another configuration
  agent-eval show RUN/case-id#2                one trial, step by step
  agent-eval compare RUN-A RUN-B               decide again from files, no model calls`

/**
 * The command line. Commands only declare themselves here; what they do is loaded when one is
 * called, so that `--help` costs next to nothing.
 */
export function createProgram(io: Io): Command {
  const program = new Command('agent-eval')
    .description('The gate between a change to an AI agent and production.')
    .version(version, '-V, --version')
    .addHelpText('after', `${examples}\n${exitCodes}`)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: io.stdout.write,
      writeErr: io.stderr.write,
      getOutHelpWidth: () => Math.min(io.stdout.columns, 100),
      getErrHelpWidth: () => Math.min(io.stderr.columns, 100),
    })
  for (const add of [
    addInitCommand,
    addRunCommand,
    addCompareCommand,
    addReportCommand,
    addBaselineCommand,
    addLintCommand,
    addGateCommand,
    addJudgeCommand,
    addPolicyCommand,
    addShowCommand,
    addViewCommand,
    addImportCommand,
  ]) {
    add(program, io)
  }
  return program
}
