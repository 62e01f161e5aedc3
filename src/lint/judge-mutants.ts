import { mostTimes } from '../graders/describe.ts'
import { compileArguments } from '../graders/match-arguments.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import type { CaseFinding } from './case-finding.ts'
import { type ConcreteStep, stepsOf } from './concrete-oracle.ts'
import { findsShortfall } from './falls-short.ts'
import { isCaught } from './is-caught.ts'
import type { LintSubject } from './lint-subject.ts'
import { findsMisspoken } from './misspoken.ts'
import type { Mutant } from './mutants/mutant.ts'
import { mutantKinds } from './mutants/registry.ts'
import { findsUndeclared } from './plainly-undeclared.ts'
import type { PlayCall } from './play-step.ts'
import type { Played } from './played.ts'
import type { CasePlayer } from './player.ts'
import { differenceIn, leaveSameState } from './same-work.ts'
import { playInOrder } from './scripted-provider.ts'
import { diffSteps } from './step-diff.ts'

/** How a mutant fared. `equal`: what it does cannot be told from a solution, so it shows nothing. */
export interface MutantVerdict {
  readonly mutant: Mutant
  readonly status: 'killed' | 'equal' | 'survived'
  /** Of a survivor: whether it does other things than the oracle, or only looks and talks otherwise. */
  readonly differsIn?: 'writes' | 'words'
}

export interface MutantJury {
  readonly player: CasePlayer
  readonly subject: LintSubject
  readonly oracle: Played
  /** Other solutions, played; a mutant that does the same as one of them is right. */
  readonly equivalents: readonly Played[]
}

/** Plays every mutant of an oracle that passes. */
export async function judgeMutants(jury: MutantJury): Promise<readonly MutantVerdict[]> {
  const { oracle, player, subject } = jury
  const { graders } = player.prepared
  const isUndeclared = findsUndeclared(subject, graders)
  const fallsShort = findsShortfall(subject.evalCase.expect)
  const isMisspoken = findsMisspoken(subject.evalCase, graders, oracle)
  const verdicts = new Map<string, MutantVerdict>()
  for (const mutant of mutantKinds.flatMap((kind) => kind.mutate(subject))) {
    const known = verdicts.get(mutant.name)
    if (known?.status === 'survived') continue
    const isPlain =
      (mutant.makes !== undefined && isUndeclared(mutant.makes)) ||
      fallsShort(mutant.steps) ||
      isMisspoken(mutant)
    const verdict: MutantVerdict = isPlain
      ? { mutant, status: 'killed' }
      : await judgeMutant(jury, mutant)
    if (known === undefined || weight[verdict.status] > weight[known.status]) {
      verdicts.set(mutant.name, verdict)
    }
  }
  return [...verdicts.values()]
}

/** Of several forms of one mistake, the one that shows most stands for all. */
const weight = { equal: 0, killed: 1, survived: 2 }

async function judgeMutant(jury: MutantJury, mutant: Mutant): Promise<MutantVerdict> {
  const script = playInOrder(mutant.steps)
  const played = await jury.player.playUncaught(script)
  if (played === undefined) return { mutant, status: 'killed' }
  // The judging policy costs as much as all the rest, so it is asked only where it can decide.
  const judged = await jury.player.play(script, { judged: true, limited: false })
  if (isCaught(judged)) return { mutant, status: 'killed' }
  const { oracle } = jury
  const differsIn = difference(jury, oracle, played)
  const isEqual =
    differsIn === 'none' ||
    jury.equivalents.some((other) => difference(jury, other, played) === 'none') ||
    (mutant.repeats !== undefined && isHarmless(jury, mutant.repeats, played))
  if (isEqual) return { mutant, status: 'equal' }
  return { mutant, status: 'survived', differsIn }
}

/**
 * Whether a call made once more is what its case grants: it says itself that the effect may happen
 * any number of times, and that it happened twice can be seen nowhere. A mail can.
 */
function isHarmless(
  { oracle, player, subject: { evalCase, tools } }: MutantJury,
  { args, call }: PlayCall,
  other: Played,
): boolean {
  if (tools[call]?.effect !== 'write') return false
  const isOpen = (evalCase.expect.effects?.required ?? []).some(
    (effect) =>
      effect.tool === call &&
      mostTimes(effect.count) === Number.POSITIVE_INFINITY &&
      compileArguments(effect.args)(args).length === 0,
  )
  return isOpen && leaveSameState({ oracle, other, start: player.startState })
}

function difference(
  { player, subject }: MutantJury,
  oracle: Played,
  other: Played,
): ReturnType<typeof differenceIn> {
  return differenceIn({ oracle, other, start: player.startState, tools: subject.tools })
}

/** Survivors that nobody declared. */
export function survivorFindings(
  verdicts: readonly MutantVerdict[],
  accepted: ReadonlySet<string>,
  steps: readonly ConcreteStep[],
): readonly CaseFinding[] {
  return verdicts.flatMap(({ differsIn, mutant, status }) => {
    if (status !== 'survived' || accepted.has(mutant.name)) return []
    return [
      {
        rule: 'mutant-survives',
        level: differsIn === 'writes' ? 'error' : 'warning',
        path: mutant.path,
        message: `an agent that ${mutant.does} passes this case`,
        hint: `${mutant.hint}; or say why that is fine: accept_mutants: [{ mutant: "${mutant.name}", reason: … }]`,
        mutant: mutant.name,
        diff: diffSteps(stepsOf(steps), mutant.steps),
      },
    ]
  })
}

/** Declarations that declare nothing: no such mutant, or one that does not survive. */
export function unusedAcceptances(
  verdicts: readonly MutantVerdict[],
  accepted: readonly { readonly mutant: string }[],
): readonly CaseFinding[] {
  const statuses = new Map(verdicts.map(({ mutant, status }) => [mutant.name, status]))
  return accepted.flatMap(({ mutant }, index) => {
    const status = statuses.get(mutant)
    if (status === 'survived') return []
    const meant = didYouMean(mutant, statuses.keys())
    const hint = meant === undefined ? 'take the entry out' : `did you mean "${meant}"?`
    return [
      {
        rule: 'acceptance-unused',
        level: 'warning',
        path: ['accept_mutants', index, 'mutant'],
        message: `accept_mutants names "${mutant}", ${whyUnused[status ?? 'unknown']}`,
        hint: status === undefined ? hint : 'take the entry out',
      },
    ]
  })
}

const whyUnused = {
  killed: 'which fails this case anyway',
  equal: 'which cannot be told from a solution',
  unknown: 'which is no mutant of this oracle',
}
