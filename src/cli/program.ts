import { Command } from 'commander'
import { terminalBlock } from '../text/sanitise-terminal.ts'
import { addBaselineCommand } from './commands/baseline.ts'
import { addCompareCommand } from './commands/compare.ts'
import { addCompletionCommand } from './commands/completion.ts'
import { addDoctorCommand } from './commands/doctor.ts'
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
import { finishHelp, helpStyle, helpWidth } from './help/finish-help.ts'
import type { Io } from './io.ts'
import { version } from './version.ts'

const examples = `
Examples:
  agent-eval run                              every eval set, with its baseline
  agent-eval run --candidate agents/new.yaml  try another configuration
  agent-eval show RUN/case-id#2               one trial, step by step
  agent-eval compare RUN-A RUN-B              decide again, without a model call
  agent-eval doctor                           would a run work here?
`

/**
 * The command line. Commands only declare themselves here; what they do is loaded when one is
 * called, so that `--help` costs next to nothing.
 */
export function createProgram(io: Io): Command {
  const program = new Command('agent-eval')
    .description('The gate between a change to an AI agent and production.')
    .version(version, '-V, --version')
    .addHelpText('before', examples)
    .configureHelp(helpStyle)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: io.stdout.write,
      writeErr: io.stderr.write,
      // A message of commander's quotes what was typed, which a CI job may have taken from a branch name.
      outputError: (text, write) => {
        write(terminalBlock(text))
      },
      getOutHelpWidth: () => Math.min(io.stdout.columns, helpWidth),
      getErrHelpWidth: () => Math.min(io.stderr.columns, helpWidth),
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
    addDoctorCommand,
    addCompletionCommand,
  ]) {
    add(program, io)
  }
  finishHelp(program)
  return program
}
