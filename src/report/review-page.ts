import type { Criterion } from '../schema/judge.ts'
import { terminalBlock } from '../text/sanitise-terminal.ts'
import { sayInTerminal as say } from './say.ts'
import { wrapped } from './terminal/columns.ts'
import type { Paint } from './terminal/paint.ts'
import { transcriptLines } from './trial/transcript-lines.ts'

/** What a person is shown before they answer. */
interface ReviewPage {
  /** From 1. */
  readonly number: number
  readonly of: number
  readonly trial: string
  readonly criterion: Pick<Criterion, 'guidance' | 'id' | 'question'>
  readonly transcript: string
}

const mostGuidance = 2_000

/**
 * One transcript and one question, and nothing of what a judge or a grader made of it: whoever sees an
 * answer before they give their own gives that one. The question stands below, where the eye is after
 * reading.
 */
export function renderReviewPage(page: ReviewPage, paint: Paint): string {
  const { criterion, number, of, transcript, trial } = page
  const guidance = (criterion.guidance ?? '') === '' ? [] : guidanceLines(criterion.guidance ?? '')
  const lines = [
    '',
    paint('faint', `${'-'.repeat(8)} ${number} of ${of}: ${say(trial)} ${'-'.repeat(8)}`),
    '',
    ...transcriptLines(transcript, paint),
    '',
    ...wrapped(
      `${say(criterion.id)}: ${terminalBlock(criterion.question, 1_000).replaceAll('\n', ' ')}`,
      '  ',
      '',
    ).map((line) => paint('bold', line)),
    ...guidance.map((line) => paint('faint', line)),
  ]
  return `${lines.join('\n')}\n`
}

function guidanceLines(guidance: string): readonly string[] {
  return terminalBlock(guidance, mostGuidance)
    .trim()
    .split('\n')
    .flatMap((line) => wrapped(line, '  '))
}
