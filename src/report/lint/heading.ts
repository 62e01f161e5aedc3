import type { LintResult } from '../../schema/lint-result.ts'
import { countOf, percent, plural, whole } from '../format.ts'
import type { Say } from '../say.ts'
import { wrapped } from '../terminal/columns.ts'
import type { Tone } from '../terminal/paint.ts'

/** The verdict over one set in one line: `support-refund: 3 of 288 cases do not count`. */
export function lintHeading(
  { cases, evalSet, findings }: LintResult,
  say: Say,
): { readonly text: string; readonly tone: Tone } {
  const name = say(evalSet.id)
  if (cases.length === 0) return { text: `${name}: no case has an oracle yet`, tone: 'warn' }
  const unusable = cases.filter(({ usable }) => !usable).length
  if (unusable > 0) {
    const of = `${whole(unusable)} of ${plural(cases.length, 'case')}`
    return { text: `${name}: ${of} ${unusable === 1 ? 'does' : 'do'} not count`, tone: 'bad' }
  }
  const can = `${name}: ${plural(cases.length, 'case')} can fail`
  const errors = findings.filter(({ level }) => level === 'error').length
  if (errors > 0) return { text: `${can}, but the set has ${plural(errors, 'error')}`, tone: 'bad' }
  if (findings.length === 0) return { text: can, tone: 'good' }
  return { text: `${can}, with ${plural(findings.length, 'warning')}`, tone: 'warn' }
}

/** How that is known: killed mutants, the best agent without a brain, and how varied the set is. */
export function lintFigureLines(result: LintResult, say: Say): readonly string[] {
  const lines = [mutants(result), nullAgent(result, say), variety(result)]
  return lines.filter((text) => text !== '').flatMap((text) => wrapped(text, '    ', '  '))
}

function mutants({ figures }: LintResult): string {
  if (figures.mutants === undefined) return ''
  const { declared, killed, made } = figures.mutants
  if (made === 0) return 'kill rate: n/a, no mutant was made'
  const beside = declared === 0 ? '' : `, ${whole(declared)} declared to be as good`
  return `kill rate: ${percent(killed / made)}, ${whole(killed)} of ${plural(made, 'mutant')} fail${beside}`
}

function nullAgent({ figures }: LintResult, say: Say): string {
  if (figures.nullAgent === undefined) return ''
  const { id, passed, scored } = figures.nullAgent
  if (passed === 0) return `best null agent: none passes any of ${plural(scored, 'case')}`
  return `best null agent: ${say(id)} passes ${countOf(passed, scored)} (${percent(passed / scored)})`
}

/** Of the whole set, also where only some of its cases are shown. */
function variety({ variety: { cases, oracleShapes, templates, wordings } }: LintResult): string {
  const groups = `${plural(cases, 'case')} in ${plural(templates, 'cluster')}`
  const shapes = `${whole(oracleShapes)} ${oracleShapes === 1 ? 'shape' : 'shapes'} of oracle`
  return `whole set: ${groups}, ${plural(wordings, 'distinct wording')}, ${shapes}`
}
