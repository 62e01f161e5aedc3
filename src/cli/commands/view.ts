import { type Command, InvalidArgumentError, Option } from 'commander'
import { AgentEvalError } from '../../errors.ts'
import type { ViewRunOptions } from '../actions/view.ts'
import type { ViewHistoryOptions } from '../actions/view-history.ts'
import type { Io } from '../io.ts'
import { positiveInteger } from '../options.ts'

const examples = `
Examples:
  agent-eval view                           the newest run, also while it runs
  agent-eval view RUN --html page.html      one file: no network, no server
  agent-eval view RUN --baseline RUN-BEFORE two runs, trial beside trial
  agent-eval view --history                 from night to night, all eval sets
  agent-eval view --history support-refund  one of them
  agent-eval view --history --file history/support-refund.jsonl
`

type ViewOptions = ViewRunOptions & ViewHistoryOptions & { readonly history?: boolean }

/** Every option under its heading of the help. */
const optionGroups: Readonly<Record<string, readonly Option[]>> = {
  'Of a run': [
    new Option('--html <file>', 'write the page into one file'),
    new Option('--port <number>', 'serve on this port (default: any that is free)').argParser(
      portNumber,
    ),
    new Option('--baseline <run>', 'a run or a baseline to put beside'),
  ],
  'From night to night': [
    new Option('--history', 'the nights that run --history has recorded'),
    new Option('-c, --config <file>', 'project file (default: agent-eval.yaml)'),
    new Option('--file <file>', 'a history file (default: history.jsonl beside the eval set)'),
    new Option('--last <nights>', 'how many nights to list').argParser(positiveInteger).default(30),
    new Option('--handled <why>', 'the open alarms are known: start the charts over'),
    new Option('--json', 'print the drift document to stdout'),
    new Option('--color', 'colour even where stdout is no terminal'),
    new Option('--no-color', 'no colour'),
  ],
}

export function addViewCommand(program: Command, io: Io): void {
  const command = program
    .command('view')
    .description(
      'A run as a page: what it did, what it cost, every trial. With --history: did a number change for good from night to night? 1 if one did.',
    )
    .argument('[what...]', 'a run (default: the newest); with --history folders of eval sets')
    .addHelpText('before', examples)
  for (const [heading, options] of Object.entries(optionGroups)) {
    for (const option of options) command.addOption(option.helpGroup(heading))
  }
  command.action(async (named: string[], options: ViewOptions) => {
    refuseMixed(options)
    if (options.history === true) {
      const { viewHistoryAction } = await import('../actions/view-history.ts')
      await viewHistoryAction(named, options, io)
    } else {
      const { viewRunAction } = await import('../actions/view.ts')
      await viewRunAction(named, options, io)
    }
  })
}

const ofPage = ['html', 'port', 'baseline'] as const
const ofHistory = ['config', 'file', 'handled', 'json'] as const

/** @throws AgentEvalError (usage): whoever asks for both would get one of them */
function refuseMixed(options: ViewOptions): void {
  const isHistory = options.history === true
  const stray = (isHistory ? ofPage : ofHistory).find((name) => options[name] !== undefined)
  if (stray !== undefined) {
    const hint = isHistory ? 'a run is shown by: agent-eval view RUN' : 'add --history'
    throw new AgentEvalError(`--${stray} is for ${isHistory ? 'a run' : 'a history'}`, 'usage', {
      hint,
    })
  }
  if (options.html === undefined || options.port === undefined) return
  throw new AgentEvalError('--html writes a file and serves nothing', 'usage', {
    hint: 'leave out --port, or --html',
  })
}

function portNumber(text: string): number {
  const value = Number(text)
  if (/^\d{1,5}$/.test(text) && value >= 1 && value <= 65_535) return value
  throw new InvalidArgumentError('expected a port from 1 to 65535')
}
