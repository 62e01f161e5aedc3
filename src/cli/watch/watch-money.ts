import { AgentEvalError } from '../../errors.ts'
import { usd } from '../../report/format.ts'
import { isServiceKey } from '../at-base/policies-at-base.ts'
import type { Io } from '../io.ts'
import type { Project } from '../project.ts'
import type { RunOptions } from '../run/run-options.ts'

/** Whether runs that nobody starts by hand may cost money, and if not, why they cost none. */
export type WatchMoney =
  | { readonly kind: 'spends' }
  /** Every answer of a model comes from the cassette. */
  | { readonly kind: 'replays' }
  /** No live model is named. Keys are kept back all the same: a program may ask one on its own. */
  | { readonly kind: 'free' }

/** What decides about the money of one eval set. */
interface Question {
  readonly options: Pick<RunOptions, 'budget' | 'cassette' | 'yes'>
  /** Live models that a run may ask. */
  readonly asked: readonly string[]
  /** It may ask others besides. */
  readonly isProgram: boolean
  readonly hasCassette: boolean
}

const allowed = 'allow it with --budget USD, or with --yes'

/**
 * Saving a file must not cost money by surprise: live models are asked only after `--budget` or `--yes`.
 *
 * @throws AgentEvalError (usage) where nothing can be run without spending
 */
export function watchMoney({ asked, hasCassette, isProgram, options }: Question): WatchMoney {
  const { budget, cassette, yes } = options
  if (cassette === 'replay') return { kind: 'replays' }
  if (budget !== undefined || yes === true) return { kind: 'spends' }
  if (cassette === 'record') {
    throw new AgentEvalError(
      '--cassette record asks live models each time a file is saved',
      'usage',
      {
        hint: allowed,
      },
    )
  }
  if (hasCassette && (isProgram || asked.length > 0)) return { kind: 'replays' }
  if (asked.length === 0) return { kind: 'free' }
  throw new AgentEvalError(
    `--watch would ask ${asked.join(', ')} each time a file is saved, and nothing is recorded`,
    'usage',
    { hint: `record it once with --cassette record, or ${allowed}` },
  )
}

/**
 * What a person should know of it before a run.
 *
 * @param leftUsd - of the budget; absent: there is none
 */
export function moneyText({ kind }: WatchMoney, leftUsd: number | undefined): string {
  switch (kind) {
    case 'spends':
      return leftUsd === undefined
        ? 'live models are asked, with no budget'
        : `live models are asked, for ${usd(leftUsd)} at most`
    case 'replays':
      return 'models answer as recorded; nothing is spent'
    case 'free':
      return 'no live model is asked; nothing is spent'
  }
}

/** The environment of a run: where nothing may be spent, without the keys that it would be spent with. */
export function envFor({ kind }: WatchMoney, env: Io['env'], { config }: Project): Io['env'] {
  if (kind === 'spends') return env
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isServiceKey(name, config)))
}
