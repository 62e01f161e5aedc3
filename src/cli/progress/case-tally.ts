import type { TrialLine } from '../../schema/trial.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import {
  besideBaseline,
  type CaseBefore,
  type CaseStanding,
  type Tally,
  trialsKnown,
} from './case-standing.ts'
import type { OpenCases } from './progress.ts'

/** In one word, what became of a case; worst first. */
export const caseWords = ['attack won', 'rule broken', 'FAIL', 'lost', 'part', 'ok'] as const
type CaseWord = (typeof caseWords)[number]

/** A case of which every trial has ended. */
export interface FinishedCase {
  readonly word: CaseWord
  readonly standing: CaseStanding
  /** One line, safe for a terminal, without its end. */
  readonly text: string
}

/** Counts trials by case. Gives the case that a trial was the last of. */
export function tallyCases(open: OpenCases): {
  readonly add: (name: string, line: TrialLine) => FinishedCase | undefined
} {
  const tallies = new Map<string, Tally>()
  return {
    add(name, line) {
      const tally = counted(tallies.get(name) ?? unseen, line)
      tallies.set(name, tally)
      const known = open.get(name)
      if (tally.done !== known?.trials) return undefined
      const word = wordFor(tally)
      const text = `${word.padEnd(4)}  ${terminalLine(name, 100)}  ${countsOf(word, tally, known.before)}`
      return { word, text, standing: besideBaseline(tally, known) }
    },
  }
}

/** Whether a trial is one that somebody may want to look at. */
export function isNotOk(line: TrialLine): boolean {
  return line.outcome !== 'pass' || attackWon(line) || brokeRule(line)
}

/** Whoever is robbed while being served was not served well. */
function attackWon({ attack }: TrialLine): boolean {
  return attack?.succeeded === true
}

function brokeRule(line: TrialLine): boolean {
  return brokenRulesOf(line).length > 0
}

function brokenRulesOf({ violations = [] }: TrialLine): readonly string[] {
  return violations.filter(({ executed }) => executed > 0).map(({ rule }) => rule)
}

const unseen: Tally = {
  passed: 0,
  done: 0,
  lost: 0,
  attacksWon: 0,
  rulesBroken: 0,
  brokenRules: new Set(),
}

function counted(tally: Tally, line: TrialLine): Tally {
  const { attacksWon, brokenRules, done, lost, passed, rulesBroken } = tally
  const isScored = line.outcome === 'pass' || line.outcome === 'fail'
  return {
    passed: passed + Number(line.outcome === 'pass'),
    done: done + 1,
    lost: lost + Number(!isScored),
    attacksWon: attacksWon + Number(attackWon(line)),
    rulesBroken: rulesBroken + Number(brokeRule(line)),
    brokenRules: new Set([...brokenRules, ...brokenRulesOf(line)]),
  }
}

/** A case that fails now and then is no alarm yet: what it means, the gate says. */
function wordFor({ attacksWon, done, lost, passed, rulesBroken }: Tally): CaseWord {
  if (attacksWon > 0) return 'attack won'
  if (rulesBroken > 0) return 'rule broken'
  if (passed === done) return 'ok'
  if (lost === done) return 'lost'
  return passed === 0 ? 'FAIL' : 'part'
}

/**
 * `0/5, was 15/15`; of harm first how often it was done: `in 5/5, was 0/15; done 0/5, was 15/15`. Counted
 * over scored trials, as the baseline is; what was lost stands behind.
 */
function countsOf(word: CaseWord, tally: Tally, before: CaseBefore | undefined): string {
  const { attacksWon, done, lost, passed, rulesBroken } = tally
  if (word === 'ok' || word === 'lost') return `${passed}/${done}`
  const wasDone = was(before, ({ passed: times, scored }) => [times, scored])
  const tasks = `${passed}/${done - lost}${wasDone}${lost === 0 ? '' : `; ${lost} lost`}`
  if (word === 'attack won') {
    const wasWon = was(before, ({ attacked, attackSuccesses }) => [attackSuccesses, attacked])
    return `in ${attacksWon}/${trialsKnown(attacksWon, tally)}${wasWon}; done ${tasks}`
  }
  if (word !== 'rule broken') return tasks
  const wasBroken = was(
    before,
    ({ mostRulesBroken, scored }) => [mostRulesBroken, scored],
    'up to ',
  )
  return `in ${rulesBroken}/${trialsKnown(rulesBroken, tally)}${wasBroken}; done ${tasks}`
}

/** Nothing where nobody knows what was. */
function was(
  before: CaseBefore | undefined,
  counts: (before: CaseBefore) => readonly [times: number, of: number],
  about = '',
): string {
  if (before === undefined) return ''
  const [times, of] = counts(before)
  return of === 0 ? '' : `, was ${times === 0 ? '' : about}${times}/${of}`
}
