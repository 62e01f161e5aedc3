import { type Command, InvalidArgumentError, Option } from 'commander'
import type { CalibrateOptions } from '../actions/judge-calibrate.ts'
import type { ReviewOptions } from '../actions/judge-review.ts'
import type { Io } from '../io.ts'
import { addOutputOptions, collect, positiveInteger, seedNumber, usDollars } from '../options.ts'

const examples = `
Examples:
  agent-eval judge review RUN  look at a sample, and say what you think of it
  agent-eval judge calibrate   how well does the judge agree with people?
`

const calibrateExamples = `
Examples:
  agent-eval judge calibrate                from votes that are there, free
  agent-eval judge calibrate --ask --write  ask it too, and keep what it earned
  agent-eval judge calibrate --require      in CI: 1 where it may not gate
`

const reviewExamples = `
Examples:
  agent-eval judge review RUN                       here, one by one
  agent-eval judge review RUN --csv-out labels.csv  in a spreadsheet
  agent-eval judge review RUN --csv-in labels.csv   and back
`

export function addJudgeCommand(program: Command, io: Io): void {
  const command = program
    .command('judge')
    .description('Has the judge earned its vote?')
    .addHelpText('before', examples)
  addCalibrate(command, io)
  addReview(command, io)
}

function addCalibrate(command: Command, io: Io): void {
  const calibrate = command
    .command('calibrate')
    .description('Hold a judge against labels by people: may it gate, or only advise?')
    .addHelpText('before', calibrateExamples)
    .argument('[evalset]', 'folder of an eval set (default: the only one that has a judge)')
    .option('-c, --config <file>', 'project file (default: agent-eval.yaml)')
    .option('--labels <file>', 'labels as CSV (default: as the eval set names them)')
    .option('--votes <file>', 'votes as JSON Lines; with --labels no eval set is needed')
    .option('--judge <name>', 'whose votes, where there are several')
    .addOption(
      new Option('--run <run>', 'take votes and transcripts of a run too; repeatable').argParser(
        collect,
      ),
    )
    .option('--ask', 'ask the judge about labelled transcripts that lack its votes; this costs')
    .addOption(new Option('--budget <usd>', 'ask no more once this is spent').argParser(usDollars))
    .addOption(
      new Option('-j, --jobs <count>', 'transcripts in flight at once').argParser(positiveInteger),
    )
    .option('--write', 'keep what it has earned: what it may decide hangs on that')
    .option('--require', 'exit 1 where it may not gate')
  addOutputOptions(calibrate, 'terminal, json').action(
    async (evalSet: string | undefined, options: CalibrateOptions) => {
      const { judgeCalibrateAction } = await import('../actions/judge-calibrate.ts')
      await judgeCalibrateAction(evalSet, options, io)
    },
  )
}

function addReview(command: Command, io: Io): void {
  command
    .command('review')
    .description('Judge a sample of a run yourself, without seeing what the judge said.')
    .addHelpText('before', reviewExamples)
    .argument('<run>', 'run folder, or the name of a run')
    .option('-c, --config <file>', 'project file (default: agent-eval.yaml)')
    .option('--evalset <folder>', 'eval set (default: the only one that has a judge)')
    .addOption(
      new Option('--sample <share>', 'of the trials of each risk tier, usually 1% to 5%')
        .argParser(shareOf)
        .default(0.03, '3%'),
    )
    .addOption(new Option('--seed <number>', 'which ones are drawn').argParser(seedNumber))
    .option('--criterion <id>', 'only this question')
    .option('--author <name>', 'who labels (default: git config user.name)')
    .option('--csv-out <file>', 'write the sample to be filled in, and ask nothing')
    .option('--csv-in <file>', 'take in what was filled in')
    .action(async (run: string, options: ReviewOptions) => {
      const { judgeReviewAction } = await import('../actions/judge-review.ts')
      await judgeReviewAction(run, options, io)
    })
}

/** A percentage as a share, more than nothing. */
function shareOf(text: string): number {
  const percent = Number(text.replace(/%$/, ''))
  if (/^\d{1,3}(?:\.\d{1,4})?%?$/.test(text) && percent > 0 && percent <= 100) return percent / 100
  throw new InvalidArgumentError('expected a percentage, for example 3%')
}
