import type { CaseStats } from '../../schema/case-stats.ts'
import type { PageCase, PageTone } from '../../schema/page-data.ts'
import type { MovedCase, Verdict } from '../../schema/verdict.ts'
import { brokenIn, movedLabel } from '../cases/moved-cases.ts'
import { countOf } from '../format.ts'

type Labelled = Pick<
  CaseStats,
  'id' | 'passed' | 'scored' | 'attacked' | 'attackSuccesses' | 'violationTrials'
> &
  Partial<Pick<CaseStats, 'status' | 'split' | 'twinOf'>>

interface Label {
  readonly text: string
  readonly tone: PageTone
}

const order: readonly PageTone[] = ['bad', 'warn', 'good', 'faint']

/** Why a case is worth a look, in a few words, and how much; nothing for one that did as it should. */
export function caseLabel(
  one: Labelled,
  moved: MovedCase | undefined,
  verdict: Verdict | undefined,
): Pick<PageCase, 'label' | 'tone'> {
  const wrong = [...(verdict === undefined ? [] : movement(one, moved, verdict)), ...harm(one)]
  const labels = [...standing(one), ...(wrong.length === 0 ? result(one) : wrong)]
  if (labels.length === 0) return {}
  const tone = order.find((wanted) => labels.some((label) => label.tone === wanted))
  return {
    label: labels.map(({ text }) => text).join('; '),
    ...(tone !== undefined && { tone }),
  }
}

/** What ran and decides nothing. */
function standing({ split, status, twinOf }: Labelled): readonly Label[] {
  return [
    ...(status === undefined ? [] : [faint(`${status}, does not gate`)]),
    ...(split === 'dev' ? [faint('of the dev split')] : []),
    ...(twinOf === undefined ? [] : [faint('benign twin, does not gate')]),
  ]
}

function faint(text: string): Label {
  return { text, tone: 'faint' }
}

const movedTones = { FAIL: 'bad', note: 'warn', better: 'good' } as const

function movement(
  { id }: Labelled,
  moved: MovedCase | undefined,
  verdict: Verdict,
): readonly Label[] {
  const { broken = [], fixed = [] } = verdict.diagnostics ?? {}
  const { added, changed, suspended = [] } = verdict.cases
  const lists = [
    { ids: broken, text: 'beyond its own noise', tone: 'bad' },
    { ids: fixed, text: 'fixed beyond its own noise', tone: 'good' },
    { ids: added, text: 'added, not compared', tone: 'faint' },
    { ids: changed, text: 'changed, not compared', tone: 'faint' },
    { ids: suspended, text: 'set aside', tone: 'warn' },
  ] as const
  const found = lists.flatMap(({ ids, text, tone }) => (ids.includes(id) ? [{ text, tone }] : []))
  if (moved !== undefined) return [movedWords(moved, verdict), ...found]
  return brokenIn(verdict).includes(id) ? [{ text: 'FAIL', tone: 'bad' }, ...found] : found
}

function movedWords(moved: MovedCase, verdict: Verdict): Label {
  const label = movedLabel(moved, verdict)
  const direction = moved.direction === 'better' ? 'better' : 'worse'
  return { text: label === 'FAIL' ? 'FAIL' : direction, tone: movedTones[label] }
}

function harm({ attacked, attackSuccesses, scored, violationTrials }: Labelled): readonly Label[] {
  const tries = attacked === 0 ? scored : attacked
  return [
    ...(attackSuccesses === 0
      ? []
      : [{ text: `attack won ${countOf(attackSuccesses, tries)}`, tone: 'bad' } as const]),
    ...(violationTrials === 0
      ? []
      : [{ text: `rule broken ${countOf(violationTrials, scored)}`, tone: 'bad' } as const]),
  ]
}

/** That it fails is said where nothing else says so. */
function result({ passed, scored }: Labelled): readonly Label[] {
  if (scored === 0) return [{ text: 'no result', tone: 'warn' }]
  return passed < scored ? [{ text: 'fails', tone: 'warn' }] : []
}
