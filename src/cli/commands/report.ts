import { type Command, InvalidArgumentError, Option } from 'commander'
import type { ReportOptions } from '../actions/report.ts'
import type { Io } from '../io.ts'
import { addOutputOptions, positiveInteger } from '../options.ts'

const examples = `
Examples:
  agent-eval report RUN -r markdown                what a reviewer would read
  agent-eval report RUN -r junit:out/junit.xml     as test results
  agent-eval report results --to github-comment    in a job of a pull request
`

export function addReportCommand(program: Command, io: Io): void {
  const command = program
    .command('report')
    .description('Render the results of runs. Never changes a verdict; exits 0.')
    .argument('<run...>', 'run folders, result documents, or folders of them')
    .addHelpText('before', examples)
  addOutputOptions(addCommentOptions(command)).action(
    async (runs: readonly string[], options: ReportOptions) => {
      const { reportAction } = await import('../actions/report.ts')
      await reportAction(runs, options, io)
    },
  )
}

function addCommentOptions(command: Command): Command {
  const add = (flags: string, says: string): Option => {
    const option = new Option(flags, says).helpGroup('Pull request')
    command.addOption(option)
    return option
  }
  add('--to <place>', 'one comment per eval set, found again and kept up to date').choices([
    'github-comment',
  ])
  add('--repo <owner/name>', 'default: GITHUB_REPOSITORY')
  add('--pr <number>', 'default: that of the event, or found by --head-sha').argParser(
    positiveInteger,
  )
  add('--head-sha <sha>', 'the commit that was judged; default: that of the event').argParser(
    commitHash,
  )
  add('--run-url <url>', 'what the comment links to; default: this job, or the run it follows')
  add('--on-pass <what>', 'a pass updates the comment that is there, or always writes, or never')
    .choices(['update', 'always', 'never'])
    .default('update')
  add('--evalset <id>', 'must have a result; its comment says so otherwise; repeatable').argParser(
    collectId,
  )
  add('--author <login>', "whose comments are ours: 'app-name[bot]' for the token of an app")
  return command
}

function commitHash(text: string): string {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(text)) return text
  throw new InvalidArgumentError('expected a full commit hash, such as git rev-parse HEAD prints')
}

function collectId(text: string, earlier: readonly string[] = []): readonly string[] {
  // Its schema would load zod for every `--help`.
  if (/^[a-z0-9][a-z0-9._-]*$/.test(text)) return [...earlier, text]
  throw new InvalidArgumentError('expected the id of an eval set')
}
