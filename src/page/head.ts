import type { PageData } from '../schema/page-data.ts'
import { type Child, el } from './dom.ts'
import { foldedFacts } from './facts.ts'
import { statusMark, statusTone } from './mark.ts'
import { followData } from './redraw.ts'
import type { Section } from './section.ts'
import { unbroken } from './unbroken.ts'

const words: Readonly<Record<PageData['status'], string>> = {
  pass: 'Pass',
  regression: 'Regression',
  inconclusive: 'Inconclusive',
  error: 'Error',
  'first-run': 'First run',
  none: 'No verdict',
}

/** Longer ones are set smaller. */
const longHeading = 100

/** Facts of an answer that are seen at once, so that the head stays one screen. */
const seen = 5

/** The verdict, and the three questions that a reader with one minute has. */
export function headSection(): Section {
  const verdict = el('div', { class: 'verdict' })
  const answers = el('div', { class: 'answers' })
  const node = el('section', { id: 'verdict', 'aria-label': 'Verdict' }, verdict, answers)
  const followVerdict = followData(verdict, { pick: pickVerdict, draw: drawVerdict })
  const followAnswers = followData(answers, {
    pick: (data: PageData) => data.answers,
    draw: drawAnswers,
  })
  const update = (data: PageData): void => {
    followVerdict(data)
    followAnswers(data)
  }
  return { id: 'verdict', name: 'Verdict', node, update }
}

function pickVerdict({
  heading,
  remarks,
  status,
}: PageData): Pick<PageData, 'heading' | 'remarks' | 'status'> {
  return { heading, remarks, status }
}

function drawVerdict({
  heading,
  remarks,
  status,
}: ReturnType<typeof pickVerdict>): readonly Child[] {
  return [
    el(
      'h1',
      { class: heading.length > longHeading ? 'long' : undefined },
      el('span', { class: `word ${statusTone(status)}` }, statusMark(status), words[status]),
      el('span', {}, unbroken(withoutWord(heading, status))),
    ),
    el('ul', { class: 'remarks' }, ...remarks.map((remark) => el('li', {}, unbroken(remark)))),
  ]
}

/** The word begins the heading already, on a line of its own. */
function withoutWord(heading: string, status: string): string {
  const start = `${status.replace('-', ' ')}: `
  if (!heading.startsWith(start)) return heading
  const rest = heading.slice(start.length)
  return `${rest.slice(0, 1).toUpperCase()}${rest.slice(1)}`
}

function drawAnswers({ again, cost, did }: PageData['answers']): readonly Child[] {
  const answer = (question: string, facts: PageData['notes']): HTMLElement =>
    el('div', {}, el('h2', {}, question), foldedFacts(facts, seen))
  return [
    answer('What did it do?', did),
    answer('What did it cost?', cost),
    answer('Would we do it again?', again),
  ]
}
