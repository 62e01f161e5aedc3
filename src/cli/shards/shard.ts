import { AgentEvalError } from '../../errors.ts'
import type { PlannedRun } from '../../run-evalset/plan-run.ts'
import { type AskedShard, planShard, type Shard } from '../../run-evalset/plan-shard.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import { quote } from '../../suites/describe.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import type { FoundBaseline } from '../at-base/baseline-source.ts'
import { idInFolder } from '../at-base/id-in-folder.ts'
import type { Io } from '../io.ts'

type Env = Io['env']

/** More than any host runs side by side; a larger number is a mistake. */
const mostShards = 1000

/** Our own variable, for surroundings that say which part a process is, and not of how many. */
const ownTotal = 'AGENT_EVAL_SHARDS'

/**
 * The shard that `--shard` asks for: `i/n`, counted from 1, or `auto`.
 *
 * @throws AgentEvalError (usage) for anything else, and where `auto` finds nothing to go by
 */
export function parseShard(text: string, env: Env): Shard {
  if (text === 'auto') return shardOfHost(env)
  const match = /^(\d{1,9})\/(\d{1,9})$/.exec(text)
  if (match === null) {
    throw new AgentEvalError(`--shard ${quote(text)} is no part of a whole`, 'usage', {
      hint: text.includes('/')
        ? 'write it as 1/3; a variable in it may be empty'
        : 'write it as 1/3, the first of three, or as auto',
    })
  }
  return checked(`--shard ${text}`, Number(match[1]), Number(match[2]))
}

/**
 * The shard that a command runs of each of its eval sets.
 *
 * @param folders - of all eval sets that it runs; one that cannot be read is told where it is opened
 * @returns nothing where the whole of them is to be run
 */
export async function askedShard(
  folders: readonly string[],
  { shard }: { readonly shard?: string },
  { env }: Pick<Io, 'env'>,
): Promise<{ readonly shard?: AskedShard }> {
  if (shard === undefined) return {}
  const asked = parseShard(shard, env)
  const ids = await Promise.all(folders.map(idInFolder))
  const evalSets = [...new Set(ids.filter((one) => one !== undefined))].sort()
  return { shard: { ...asked, evalSets } }
}

/** The part of a run that a command makes: all of it, unless it was asked for a shard. */
export function partOf(
  whole: PlannedRun,
  baseline: FoundBaseline | undefined,
  { io, options, shard }: Asking,
): PlannedRun {
  if (shard === undefined) return whole
  const part = planShard(whole, shard, baseline?.arm.cases ?? [])
  if (options.quiet !== true) io.stderr.write(shardText(whole.manifest, part.manifest))
  return part
}

interface Asking {
  readonly io: Pick<Io, 'stderr'>
  readonly options: { readonly quiet?: boolean }
  readonly shard?: AskedShard
}

/** What a shard of a run is, for whoever watches it: nothing else that it prints says so. */
function shardText(
  { cases: all, gate, provenance }: RunManifest,
  { cases, shard }: RunManifest,
): string {
  const count = (list: RunManifest['cases']): number =>
    list.filter((one) => one.twinOf === undefined).length
  const { index = 1, total = 1 } = shard ?? {}
  const { id } = provenance.evalSet
  const lines = [
    `${id}: shard ${index} of ${total}, ${count(cases)} of ${count(all)} cases; it decides nothing`,
    ...(gate.max_trials === undefined
      ? []
      : [`${id}: shards make no rounds: all trials are made, and gate.max_trials adds none`]),
  ]
  return lines.map((line) => `${terminalLine(line)}\n`).join('')
}

/** How a host tells its parallel jobs apart. */
interface Host {
  readonly index: string
  readonly total: string
  readonly first: 0 | 1
  /** What stands for the index where the host sets none: a job without siblings. */
  readonly alone?: string
}

/**
 * In this order, because CI jobs may run on Kubernetes.
 *
 * @see https://docs.gitlab.com/ci/variables/predefined_variables/
 * @see https://buildkite.com/docs/pipelines/configure/environment-variables
 * @see https://circleci.com/docs/variables/#built-in-environment-variables
 * @see https://kubernetes.io/docs/tasks/job/indexed-parallel-processing-static/
 */
const hosts: readonly Host[] = [
  // A job without `parallel` has a total of 1 and no index.
  { index: 'CI_NODE_INDEX', total: 'CI_NODE_TOTAL', first: 1, alone: '1' },
  { index: 'BUILDKITE_PARALLEL_JOB', total: 'BUILDKITE_PARALLEL_JOB_COUNT', first: 0 },
  { index: 'CIRCLE_NODE_INDEX', total: 'CIRCLE_NODE_TOTAL', first: 0 },
  // Kubernetes tells a pod its index and keeps `completions` to itself.
  { index: 'JOB_COMPLETION_INDEX', total: ownTotal, first: 0 },
]

function shardOfHost(env: Env): Shard {
  // Jobs there often carry variables of other hosts, for tools that count from another number.
  if (env['GITHUB_ACTIONS'] === 'true') throw notOnGitHub()
  const host = hosts.find(
    ({ alone, index, total }) => isSet(env[index]) || (alone !== undefined && env[total] === alone),
  )
  if (host === undefined) {
    throw new AgentEvalError('--shard auto finds no parallel job to go by', 'usage', {
      hint: `it reads ${hosts.map(({ index }) => index).join(', ')}; name the part: --shard 1/3`,
    })
  }
  const { alone = '', first, index, total } = host
  if (!isSet(env[total])) {
    throw new AgentEvalError(`--shard auto reads ${index}, and ${total} is not set`, 'usage', {
      hint:
        total === ownTotal
          ? `Kubernetes does not tell a pod how many there are: set ${ownTotal} to the completions of the job`
          : `set both, or name the part: --shard 1/3`,
    })
  }
  const here = isSet(env[index]) ? env[index] : alone
  const shown = `--shard auto: ${index} ${quote(here)} of ${total} ${quote(env[total] ?? '')}`
  return checked(shown, numberOf(here) + 1 - first, numberOf(env[total]))
}

function notOnGitHub(): AgentEvalError {
  return new AgentEvalError(
    '--shard auto: GitHub Actions tells no job which part of its matrix it is',
    'usage',
    {
      hint: 'write --shard "$SHARD/$SHARDS", with env: { SHARD: "${{ matrix.shard }}", SHARDS: "${{ strategy.job-total }}" }',
    },
  )
}

function checked(shown: string, index: number, total: number): Shard {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(total)) {
    throw new AgentEvalError(`${shown}: these are no whole numbers`, 'usage')
  }
  if (total > mostShards) {
    throw new AgentEvalError(`${shown}: at most ${mostShards} shards can be told apart`, 'usage')
  }
  if (index >= 1 && index <= total) return { index, total }
  throw new AgentEvalError(`${shown}: there is no such part`, 'usage', {
    hint:
      total >= 1 ? `shards go from 1/${total} to ${total}/${total}` : 'there is at least one: 1/1',
  })
}

function numberOf(text: string | undefined): number {
  return /^\d{1,9}$/.test(text ?? '') ? Number(text) : Number.NaN
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== ''
}
