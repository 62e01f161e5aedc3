import { type Command, InvalidArgumentError, Option } from 'commander'
import type { GatePowerOptions } from '../actions/gate-power.ts'
import type { AaOptions } from '../gate/aa-material.ts'
import type { GateOptions } from '../gate/gate-options.ts'
import type { Io } from '../io.ts'
import { addOutputOptions, collect, positiveInteger, seedNumber, usDollars } from '../options.ts'

const examples = `
Examples:
  agent-eval gate aa         does it raise an alarm where nothing changed?
  agent-eval gate self-test  does it stop agents that are known to be bad?
  agent-eval gate power      what could it show, before anything is spent?
`

const examplesOf = {
  aa: `
Examples:
  agent-eval gate aa             play the set against itself
  agent-eval gate aa --from RUN  from trials that are there already, free
  agent-eval gate aa --budget 5  five dollars at most
`,
  'self-test': `
Examples:
  agent-eval gate self-test                 the only eval set; free
  agent-eval gate self-test support-refund  one of several
`,
  power: `
Examples:
  agent-eval gate power                   by the baseline
  agent-eval gate power --assume-tsr 0.9  the same without a baseline
  agent-eval gate power -n 10             with ten trials of each case
`,
} as const

export function addGateCommand(program: Command, io: Io): void {
  const command = program
    .command('gate')
    .description('Is this gate any good, before you trust it or spend on it?')
    .addHelpText('before', examples)
  addAa(command, io)
  addSelfTest(command, io)
  addPower(command, io)
}

function addAa(command: Command, io: Io): void {
  const aa = question(command, 'aa', 'The set against itself: 1 when that raises an alarm.')
    .option('--candidate <file>', 'the agent whose trials are compared with one another')
    .addOption(
      new Option('--model <tier=id>', 'what a model tier means; repeatable').argParser(collect),
    )
    .option('--from <run>', 'split the trials of this run instead of playing new ones')
    .addOption(
      new Option(
        '--budget <usd>',
        'start no trial that does not fit (default: money.budget_usd of agent-eval.yaml)',
      ).argParser(usDollars),
    )
    .option('-y, --yes', 'do not ask before trials that may cost much')
  addPlaying(aa, 'trials of each case in each of the two arms').action(
    async (evalSet: string | undefined, options: AaOptions) => {
      const { gateAaAction } = await import('../actions/gate-aa.ts')
      await gateAaAction(evalSet, options, io)
    },
  )
}

function addSelfTest(command: Command, io: Io): void {
  const description = 'Agents without a model and with known faults: 1 when one is let through.'
  addPlaying(
    question(command, 'self-test', description),
    'trials of each case by each agent',
  ).action(async (evalSet: string | undefined, options: GateOptions) => {
    const { gateSelfTestAction } = await import('../actions/gate-self-test.ts')
    await gateSelfTestAction(evalSet, options, io)
  })
}

function addPower(command: Command, io: Io): void {
  const description = 'Smallest drop that it finds, chance to pass, cost and time. Plays nothing.'
  question(command, 'power', description)
    .option('--baseline <source>', 'file, run folder, git:REF, or none')
    .addOption(
      new Option('--assume-tsr <share>', 'plan from a success rate instead').argParser(shareNumber),
    )
    .addOption(new Option('-n, --trials <count>', 'trials of each case').argParser(positiveInteger))
    .addOption(
      new Option('-j, --jobs <count>', 'trials in flight at once').argParser(positiveInteger),
    )
    .action(async (evalSet: string | undefined, options: GatePowerOptions) => {
      const { gatePowerAction } = await import('../actions/gate-power.ts')
      await gatePowerAction(evalSet, options, io)
    })
}

/** What all three have: a subject, a project, a form of the answer. */
function question(command: Command, name: keyof typeof examplesOf, description: string): Command {
  const one = command
    .command(name)
    .description(description)
    .addHelpText('before', examplesOf[name])
    .argument('[evalset]', 'folder of an eval set (default: the only one of agent-eval.yaml)')
    .option('-c, --config <file>', 'project file (default: agent-eval.yaml)')
  return addOutputOptions(one, 'terminal, json')
}

function addPlaying(command: Command, trials: string): Command {
  return command
    .addOption(new Option('-n, --trials <count>', trials).argParser(positiveInteger))
    .addOption(new Option('--seed <number>', 'seed of trials and splits').argParser(seedNumber))
    .addOption(
      new Option('-j, --jobs <count>', 'trials in flight at once').argParser(positiveInteger),
    )
}

/** A share above 0 and below 1. */
function shareNumber(text: string): number {
  const value = Number(text)
  if (/^[\d.]+$/.test(text) && value > 0 && value < 1) return value
  throw new InvalidArgumentError('expected a share between 0 and 1, for example 0.74')
}
