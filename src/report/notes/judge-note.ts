import type { JudgeSummary } from '../../schema/judge.ts'
import { plural } from '../format.ts'

/** Longest note, in code points: it quotes the name of a judge, criteria and reasons. */
export const maxJudgeNote = 800

/** Why a judge is uncalibrated is told of so many criteria. */
const mostNamed = 2

/**
 * What a judge did in a run and what it was allowed to do, one line each; nothing where no case asks
 * one. Plain text: the surface that shows it sanitises it.
 */
export function judgeNote(judge: JudgeSummary | undefined): readonly string[] {
  if (judge === undefined) return []
  const { cases, model, stopped, trials } = judge
  const where = `${plural(trials, 'trial')} of ${plural(cases, 'case')}`
  if (stopped !== undefined) {
    return [`THE JUDGE ${model} WAS STOPPED: ${stopped}; ${where} were judged without it`]
  }
  return [`judge ${model} looked at ${where}: ${whatItDid(judge)}${standing(judge)}`]
}

function whatItDid({ advised, failed, unscored }: JudgeSummary): string {
  const told = advised === 0 ? '' : `, ${advised} more it advised against and may not fail`
  return `${failed} failed by it alone, ${unscored} unscored${told}`
}

function standing({ uncalibrated }: JudgeSummary): string {
  if (uncalibrated.length === 0) return ''
  const named = uncalibrated.slice(0, mostNamed).map(({ criterion, why }) => `${criterion}: ${why}`)
  const more = uncalibrated.length - named.length
  const list = more > 0 ? [...named, `and ${more} more`] : named
  return `; uncalibrated, it may fail tier 0–1 cases only (${list.join('; ')})`
}
