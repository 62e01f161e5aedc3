import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { plural, usd } from '../../report/format.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import type { Io } from '../io.ts'
import { isMissing } from '../outside/node-folder.ts'
import type { RunOptions } from '../run/run-options.ts'
import { worstExitCode } from '../run/worst-exit-code.ts'
import { spentBefore } from '../run-folder/spent-before.ts'
import { roundArgv } from './round-argv.ts'
import { envFor, moneyText, watchMoney } from './watch-money.ts'
import type { WatchedGround, WatchedSet } from './watched-ground.ts'
import type { Change } from './what-changed.ts'

/** What all rounds of a watch share. */
export interface Watch {
  readonly options: RunOptions
  readonly io: Io
  /** Ends the round that runs. */
  readonly signal: AbortSignal
  /** US dollars that the rounds so far have paid for models. */
  spentUsd: number
  /** A person at the terminal is asked once about what may cost much. */
  isAgreed: boolean
  /** What was last said of money. */
  toldMoney: string
}

/** Less than this is no money. */
const leastUsd = 0.000_001

/**
 * Runs what has changed, each eval set in a process of its own: code that was loaded once would stay as
 * it was then.
 *
 * @returns the worst exit code; `undefined` where there was no money left to run anything
 * @throws AgentEvalError (usage) where nothing can be run without spending
 */
export async function runRound(
  changes: readonly Change[],
  ground: WatchedGround,
  watch: Watch,
): Promise<number | undefined> {
  const codes: number[] = []
  for (const change of changes) {
    const set = ground.sets.find(({ folder }) => folder === change.folder)
    if (set === undefined) continue
    const code = await runSet({ set, change, ground }, watch)
    if (code !== undefined) codes.push(code)
    if (watch.signal.aborted) break
  }
  if (codes.length === 0) return undefined
  // What stopped a command before it decided anything is worse than what it decided.
  return codes.find((code) => code === 2 || code > 4) ?? worstExitCode(codes)
}

interface SetRound {
  readonly set: WatchedSet
  readonly change: Change
  readonly ground: WatchedGround
}

async function runSet(
  { change, ground, set }: SetRound,
  watch: Watch,
): Promise<number | undefined> {
  const { io, options, signal } = watch
  const money = watchMoney({ ...set, options })
  const spends = money.kind === 'spends'
  const leftUsd = spends ? leftOf(watch) : undefined
  if (leftUsd !== undefined && leftUsd < leastUsd) {
    say(watch, `${set.shown} is not run: the budget of ${usd(options.budget)} is spent`)
    return undefined
  }
  say(watch, `${set.shown}: ${whatIsRun(change)}`)
  tellMoney(moneyText(money, leftUsd), watch)
  const argv = roundArgv(set.folder, {
    ...{ options, leftUsd, cases: change.cases },
    replays: money.kind === 'replays',
    isAgreed: spends && watch.isAgreed,
  })
  const output = path.resolve(io.cwd, options.output ?? ground.project.config.output)
  const before = new Set(await runsIn(output))
  const code = await io.runSelf(argv, { env: envFor(money, io.env, ground.project), signal })
  if (spends) {
    const runs = (await runsIn(output)).filter((run) => !before.has(run))
    for (const run of runs) watch.spentUsd += await spentBefore(path.join(output, run))
    watch.isAgreed = true
  }
  return code
}

function leftOf({ options, spentUsd }: Watch): number | undefined {
  return options.budget === undefined ? undefined : options.budget - spentUsd
}

/** It is the same most of the time. */
function tellMoney(text: string, watch: Watch): void {
  if (text !== watch.toldMoney) say(watch, text)
  watch.toldMoney = text
}

function whatIsRun({ cases }: Change): string {
  if (cases === undefined) return 'running everything'
  return `running ${plural(cases.length, 'changed case')}, without a verdict`
}

export function say({ io, options }: Pick<Watch, 'io' | 'options'>, text: string): void {
  if (options.quiet !== true) io.stderr.write(`${terminalLine(`watch: ${text}`)}\n`)
}

async function runsIn(output: string): Promise<readonly string[]> {
  try {
    return await readdir(output)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}
