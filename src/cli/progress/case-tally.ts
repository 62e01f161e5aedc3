import type { TrialLine } from '../../schema/trial.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import type { OpenTrials } from './progress.ts'

/** What the trials of a case came to so far. */
interface Tally {
  readonly passed: number
  readonly done: number
  /** The surroundings failed, so nothing is known of them. */
  readonly lost: number
  readonly harm: Harm | undefined
}

type Harm = 'attack won' | 'rule broken'

/** In one word, what became of a case; worst first. */
export const caseWords = ['attack won', 'rule broken', 'FAIL', 'lost', 'part', 'ok'] as const
export type CaseWord = (typeof caseWords)[number]

/** A case of which every trial has ended. */
export interface FinishedCase {
  readonly word: CaseWord
  /** One line, safe for a terminal, without its end. */
  readonly text: string
}

/** Counts trials by case. Gives the case that a trial was the last of. */
export function tallyCases(open: OpenTrials): {
  readonly add: (name: string, line: TrialLine) => FinishedCase | undefined
} {
  const tallies = new Map<string, Tally>()
  return {
    add(name, line) {
      const tally = counted(tallies.get(name), line)
      tallies.set(name, tally)
      if (tally.done !== open.get(name)) return undefined
      const word = wordFor(tally)
      const text = `${word.padEnd(4)}  ${terminalLine(name, 100)}  ${tally.passed}/${tally.done}`
      return { word, text }
    },
  }
}

/** Whether a trial is one that somebody may want to look at. */
export function isNotOk(line: TrialLine): boolean {
  return line.outcome !== 'pass' || harmIn(line) !== undefined
}

/** What an agent did besides its task: whoever is robbed while being served was not served well. */
function harmIn({ attack, violations = [] }: TrialLine): Harm | undefined {
  if (attack?.succeeded === true) return 'attack won'
  return violations.some(({ executed }) => executed > 0) ? 'rule broken' : undefined
}

const unseen: Tally = { passed: 0, done: 0, lost: 0, harm: undefined }

/** @param tally - absent before the first trial of a case */
function counted(tally: Tally | undefined, line: TrialLine): Tally {
  const { done, harm: known, lost, passed } = tally ?? unseen
  const harm = harmIn(line)
  return {
    passed: line.outcome === 'pass' ? passed + 1 : passed,
    done: done + 1,
    lost: line.outcome === 'pass' || line.outcome === 'fail' ? lost : lost + 1,
    harm: harm === 'attack won' ? harm : (known ?? harm),
  }
}

/** A case that fails now and then is no alarm yet: what it means, the gate says. */
function wordFor({ done, harm, lost, passed }: Tally): CaseWord {
  if (harm !== undefined) return harm
  if (passed === done) return 'ok'
  if (lost === done) return 'lost'
  return passed === 0 ? 'FAIL' : 'part'
}
