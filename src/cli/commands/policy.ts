import { type Command, Option } from 'commander'
import type { PolicyDiffOptions } from '../actions/policy-diff.ts'
import type { PolicyTestOptions } from '../actions/policy-test.ts'
import type { Io } from '../io.ts'
import { addOutputOptions, collect } from '../options.ts'

const examples = `
Examples:
  agent-eval policy test      every *.policy-test.yaml of the eval sets
  agent-eval policy diff RUN  what the rules of today mean for a recorded run
`

const testExamples = `
Examples:
  agent-eval policy test                            all tests of the eval sets
  agent-eval policy test refund.policy-test.yaml    one file
  agent-eval policy test --candidate agents/b.yaml  asked of another policy
`

const diffExamples = `
Examples:
  agent-eval policy diff RUN                           by the rules of today
  agent-eval policy diff RUN --set approvals.tier_3=0  what if?
  agent-eval policy diff RUN --exit-code               1 where any differs
`

export function addPolicyCommand(program: Command, io: Io): void {
  const command = program
    .command('policy')
    .description('Do the rules decide as the team wants, and what would a change of them mean?')
    .addHelpText('before', examples)
  addTest(command, io)
  addDiff(command, io)
}

function addTest(command: Command, io: Io): void {
  const test = command
    .command('test')
    .description('Ask policies about examples: 1 where one is decided otherwise than expected.')
    .addHelpText('before', testExamples)
    .argument(
      '[files...]',
      'files or folders (default: *.policy-test.yaml in the eval sets of the project)',
    )
    .option('-c, --config <file>', 'project file (default: agent-eval.yaml)')
    .option('--candidate <file>', 'ask this candidate, whichever one the files name')
    .option('-v, --verbose', 'a table of all tests, also of those that are as expected')
  addOutputOptions(test, 'terminal, json').action(
    async (files: string[], options: PolicyTestOptions) => {
      const { policyTestAction } = await import('../actions/policy-test.ts')
      await policyTestAction(files, options, io)
    },
  )
}

function addDiff(command: Command, io: Io): void {
  const diff = command
    .command('diff')
    .description('Decide the recorded actions of a run again, by the rules as they are now.')
    .addHelpText('before', diffExamples)
    .argument('<run>', 'run folder, or the name of a run')
    .option('-c, --config <file>', 'project file (default: agent-eval.yaml)')
    .option('--candidate <file>', 'whose rules (default: those of the agent that ran)')
    .addOption(
      new Option('--set <path=value>', 'override one value of it; repeatable').argParser(collect),
    )
    .option('--exit-code', 'exit 1 where an action is decided otherwise')
  addOutputOptions(diff, 'terminal, json').action(
    async (run: string, options: PolicyDiffOptions) => {
      const { policyDiffAction } = await import('../actions/policy-diff.ts')
      await policyDiffAction(run, options, io)
    },
  )
}
