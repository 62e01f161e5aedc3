import type { PageFact, PageTone } from '../../schema/page-data.ts'
import type { Verdict } from '../../schema/verdict.ts'
import { isTierMissing } from '../commands/trials-needed.ts'
import { plural } from '../format.ts'
import { heading } from '../heading.ts'
import { sayInTerminal as say } from '../say.ts'
import type { Subject } from '../subject.ts'

const regressed = 'regression: '

/**
 * The answer itself, in the first words that somebody reads who has to merge: yes, no, or why that is not
 * known. It says what the verdict says and decides nothing.
 */
export function whetherAgain(subject: Subject): PageFact {
  const { verdict } = subject
  if (verdict === undefined) return answer('Not known: nobody decided', 'faint')
  switch (verdict.status) {
    case 'pass':
      return passed(verdict)
    case 'regression':
      return answer(`No: do not merge. What broke: ${whatBroke(subject)}`, 'bad')
    case 'inconclusive':
      return answer(`Not known: ${whyOpen(verdict)}`, 'warn')
    case 'error':
      return answer('Not known: evidence is missing', 'bad')
  }
}

function answer(value: string, tone: PageTone): PageFact {
  return { label: 'answer', value, tone }
}

function passed({ firstRun, metrics }: Verdict): PageFact {
  if (firstRun) return answer('Not known: nothing to compare with', 'faint')
  if (metrics.some(({ status }) => status === 'unproven')) {
    return answer('Yes, but there are too few trials to prove it safe', 'warn')
  }
  return metrics.some(({ smallRealDrop }) => smallRealDrop === true)
    ? answer('Yes: worse than the baseline by no more than is allowed', 'warn')
    : answer('Yes: no worse than the baseline', 'good')
}

function whatBroke(subject: Subject): string {
  const told = heading(subject, say, 'counted')
  return told.startsWith(regressed) ? told.slice(regressed.length) : told
}

/** More trials help where a metric is open or the sample ended early, and not where a threshold is missed. */
function whyOpen(verdict: Verdict): string {
  const { autonomy, metrics, sampling } = verdict
  const untried = sampling?.notReached ?? 0
  if (untried > 0) return `${plural(untried, 'case')} untried`
  const isOpen = metrics.some(({ status }) => status === 'inconclusive' || status === 'unproven')
  if (!isOpen && isTierMissing(verdict)) return `tier ${autonomy?.required ?? 0} is not earned`
  return 'too few trials'
}
