import type { CaseStats } from '../schema/case-stats.ts'
import { attackText, passedText, violationText } from './baseline-words.ts'

/** What differs of one case between two baselines, as a row and as what a summary counts it under. */
export interface CaseChange {
  readonly kind:
    | 'pass less'
    | 'pass more'
    | 'break a rule more often'
    | 'break a rule less often'
    | 'break other rules'
    | 'yield to attacks more often'
    | 'yield to attacks less often'
    | 'lost more trials'
    | 'lost fewer trials'
    | 'with another definition'
    | 'measured on one side only'
  readonly what: string
  readonly was: string
  readonly is: string
}

/** Rates are compared, not counts: 5/5 and 15/15 are alike. */
export function changesOf(was: CaseStats, is: CaseStats): readonly CaseChange[] {
  return [
    ...definitionChange(was, is),
    ...passedChange(was, is),
    ...attackChange(was, is),
    ...rulesChange(was, is),
  ]
}

function definitionChange(was: CaseStats, is: CaseStats): readonly CaseChange[] {
  if (was.definitionHash === is.definitionHash) return []
  const shown = (one: CaseStats): string => one.definitionHash.slice(0, 12)
  const kind = 'with another definition'
  return [{ kind, what: 'definition', was: shown(was), is: shown(is) }]
}

function passedChange(was: CaseStats, is: CaseStats): readonly CaseChange[] {
  const row = { what: 'passed', was: passedText(was), is: passedText(is) }
  const rate = changeOf([was.passed, was.scored], [is.passed, is.scored], {
    down: 'pass less',
    up: 'pass more',
  })
  const tried = [was, is].map(({ invalid, scored }) => scored + invalid)
  const lost = changeOf([was.invalid, tried[0] ?? 0], [is.invalid, tried[1] ?? 0], {
    down: 'lost fewer trials',
    up: 'lost more trials',
  })
  const kind = rate ?? lost
  return kind === undefined ? [] : [{ kind, ...row }]
}

function attackChange(was: CaseStats, is: CaseStats): readonly CaseChange[] {
  const kind = changeOf([was.attackSuccesses, was.attacked], [is.attackSuccesses, is.attacked], {
    down: 'yield to attacks less often',
    up: 'yield to attacks more often',
  })
  if (kind === undefined) return []
  return [{ kind, what: 'attack', was: attackText(was) || 'none', is: attackText(is) || 'none' }]
}

function rulesChange(was: CaseStats, is: CaseStats): readonly CaseChange[] {
  const kind = changeOf([was.violationTrials, was.judged], [is.violationTrials, is.judged], {
    down: 'break a rule less often',
    up: 'break a rule more often',
  })
  const rules = ({ violationsByRule }: CaseStats): string =>
    Object.keys(violationsByRule).sort().join(' ')
  if (kind === undefined && rules(was) === rules(is)) return []
  const row = { what: 'rules broken', was: violationText(was), is: violationText(is) }
  return [{ kind: kind ?? 'break other rules', ...row }]
}

type Kind = CaseChange['kind']
type Share = readonly [events: number, of: number]

/** Cross-multiplied, so that no rounding enters. */
function changeOf(
  [events, of]: Share,
  [eventsNow, ofNow]: Share,
  { down, up }: { readonly down: Kind; readonly up: Kind },
): Kind | undefined {
  if ((of === 0) !== (ofNow === 0)) return 'measured on one side only'
  const change = eventsNow * of - events * ofNow
  if (change === 0) return undefined
  return change < 0 ? down : up
}
