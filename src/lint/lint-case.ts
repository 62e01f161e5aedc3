import type { LintCase } from '../schema/lint-result.ts'
import type { LoadedEvalSet } from '../suites/load-evalset.ts'
import type { CaseFinding } from './case-finding.ts'
import type { CheckedCase } from './check.ts'
import { lintChecks } from './checks/registry.ts'
import { findsShortfall } from './falls-short.ts'
import { judgeAttack } from './judge-attack.ts'
import {
  judgeMutants,
  type MutantVerdict,
  survivorFindings,
  unusedAcceptances,
} from './judge-mutants.ts'
import { judgeSolution } from './judge-oracle.ts'
import { type LintSubject, lintSubject } from './lint-subject.ts'
import { type NullAgent, nullAgents, scriptOf } from './null-agents.ts'
import type { OpenedCase } from './open-case.ts'
import type { Played } from './played.ts'
import type { CasePlayer, PreparePlayer } from './player.ts'
import { playOracle } from './scripted-provider.ts'

/** What lint has to say of one case. */
export interface CaseReport {
  readonly mutants: LintCase['mutants']
  /** Null agents that pass it. */
  readonly passedBy: readonly string[]
  readonly findings: readonly CaseFinding[]
}

interface Surroundings {
  readonly evalSet: LoadedEvalSet
  readonly prepare: PreparePlayer
  readonly playedOracles: ReadonlyMap<string, Played>
}

/** Everything that shows whether a case can fail. Mutants only of an oracle that passes. */
export async function lintCase(opened: OpenedCase, around: Surroundings): Promise<CaseReport> {
  const { evalCase, oracle, player } = opened
  const subject = lintSubject(opened, around.evalSet)
  const others = await playEquivalents(opened)
  const attacked = await playAttack(opened, around.prepare)
  const passing = await passingNullAgents(player, subject)
  const jury = { player, subject, oracle, equivalents: others.played }
  const verdicts = oracle.outcome === 'pass' ? await judgeMutants(jury) : []
  const accepted = new Set(evalCase.accept_mutants.map(({ mutant }) => mutant))
  return {
    mutants: countMutants(verdicts, accepted),
    passedBy: passing.map(({ id }) => id),
    findings: [
      ...judgeSolution({ kind: 'oracle', path: ['oracle'], steps: evalCase.oracle }, oracle),
      ...others.findings,
      ...attacked.findings,
      ...passing.map(nullAgentPasses),
      ...survivorFindings(verdicts, accepted, subject.steps),
      ...unusedAcceptances(verdicts, evalCase.accept_mutants),
      ...(await staticFindings(opened, around, attacked.hijacked)),
    ],
  }
}

async function playEquivalents({ evalCase, player }: OpenedCase): Promise<{
  readonly played: readonly Played[]
  readonly findings: readonly CaseFinding[]
}> {
  const played: Played[] = []
  const findings: CaseFinding[] = []
  for (const [index, steps] of (evalCase.equivalents ?? []).entries()) {
    const one = await player.play(playOracle(steps), { judged: true, limited: true })
    const path = ['equivalents', index]
    played.push(one)
    findings.push(...judgeSolution({ kind: 'equivalent', path, steps }, one))
  }
  return { played, findings }
}

async function playAttack(
  { evalCase, oracle, player }: OpenedCase,
  prepare: PreparePlayer,
): Promise<{ readonly hijacked?: Played; readonly findings: readonly CaseFinding[] }> {
  if (evalCase.attack === undefined) return { findings: [] }
  const { markers } = player.prepared
  const benign = await prepare(evalCase, 'twin')
  const hijacked = await player.playHijacked()
  const twin = await benign.play(playOracle(evalCase.oracle), { judged: false, limited: true })
  return { hijacked, findings: judgeAttack({ oracle, twin, hijacked, markers }) }
}

/** What an agent says is for playing to judge; here it only speaks. */
const someWords = { say: 'something' }

async function passingNullAgents(
  player: CasePlayer,
  subject: LintSubject,
): Promise<readonly NullAgent[]> {
  const fallsShort = findsShortfall(subject.evalCase.expect)
  const passing: NullAgent[] = []
  for (const agent of nullAgents) {
    if (fallsShort([...(agent.calls?.(subject) ?? []), someWords])) continue
    const uncaught = await player.playUncaught(scriptOf(agent, subject))
    if (uncaught !== undefined) passing.push(agent)
  }
  return passing
}

function nullAgentPasses({ does }: NullAgent): CaseFinding {
  return {
    rule: 'null-agent-passes',
    level: 'error',
    path: ['expect'],
    message: `an agent that ${does} passes this case`,
    hint: 'expect what only an agent that did the work can show: an effect, evidence of looking, a reason of this very case',
  }
}

function countMutants(
  verdicts: readonly MutantVerdict[],
  accepted: ReadonlySet<string>,
): LintCase['mutants'] {
  const count = (is: (verdict: MutantVerdict) => boolean): number => verdicts.filter(is).length
  return {
    made: count(({ status }) => status !== 'equal'),
    killed: count(({ status }) => status === 'killed'),
    declared: count(({ mutant, status }) => status === 'survived' && accepted.has(mutant.name)),
  }
}

async function staticFindings(
  { evalCase, oracle, player }: OpenedCase,
  { evalSet, playedOracles }: Surroundings,
  attack: Played | undefined,
): Promise<readonly CaseFinding[]> {
  const subject: CheckedCase = {
    evalCase,
    evalSet,
    cases: evalSet.cases,
    oracle,
    playedOracles,
    ...(attack !== undefined && { attack }),
    play: (steps) => player.play(playOracle(steps), { judged: false, limited: false }),
  }
  const findings: CaseFinding[] = []
  for (const { check, id } of lintChecks) {
    findings.push(...(await check(subject)).map((finding) => ({ ...finding, rule: id })))
  }
  return findings
}
