import type { PageTrace } from '../schema/page-data.ts'
import { type ChangeLine, readChanges } from './changes.ts'
import { type Child, el } from './dom.ts'
import { toneMark } from './mark.ts'

export type Step = PageTrace['steps'][number]

/** Longer JSON is folded; what a grade points at is not. */
const foldedLines = 14

/** One step of a trial: number, kind, what happened, and what was said and changed. */
export function stepNode(step: Step, attributes: { readonly id?: string } = {}): HTMLElement {
  const { evidenceOf = [], kind, seq } = step
  const isEvidence = evidenceOf.length > 0
  const classes = ['step', kind, isEvidence ? 'evidence' : undefined]
  return el(
    'li',
    { class: classes.filter(Boolean).join(' '), 'data-seq': seq, ...attributes },
    el('span', { class: 'seq' }, String(seq)),
    el('span', { class: 'kind' }, kind),
    el('div', { class: 'what' }, ...stepParts(step)),
  )
}

/** What a step says, without its number and kind. */
function stepParts(step: Step): readonly Child[] {
  const { because, data, evidenceOf = [], kind, title, tone, words } = step
  const isEvidence = evidenceOf.length > 0
  return [
    el(
      'p',
      { class: `title ${tone ?? ''}`.trim() },
      tone === 'faint' ? undefined : toneMark(tone),
      title,
    ),
    because === undefined
      ? undefined
      : el('p', { class: 'because' }, el('b', {}, 'because '), because),
    words === undefined ? undefined : el('blockquote', {}, words),
    data === undefined ? undefined : dataNode({ data, kind, isEvidence }),
    isEvidence ? el('p', { class: 'shows' }, `evidence of: ${evidenceOf.join(', ')}`) : undefined,
  ]
}

function dataNode(step: {
  readonly data: string
  readonly kind: Step['kind']
  readonly isEvidence: boolean
}): HTMLElement {
  const { data, isEvidence, kind } = step
  const changes = kind === 'change' ? readChanges(data) : undefined
  if (changes !== undefined) return el('dl', { class: 'changes' }, ...changes.map(changeNode))
  const lines = data.split('\n').length
  const text = el('pre', {}, data)
  if (lines <= foldedLines) return text
  return el('details', { open: isEvidence }, el('summary', {}, `${lines} lines of data`), text)
}

function changeNode({ after, before, path }: ChangeLine): HTMLElement {
  const value = (text: string | undefined, kind: string, none: string): HTMLElement =>
    text === undefined ? el('em', {}, none) : el(kind === 'before' ? 'del' : 'ins', {}, text)
  return el(
    'div',
    {},
    el('dt', {}, path),
    el('dd', {}, value(before, 'before', 'nothing'), ' → ', value(after, 'after', 'removed')),
  )
}
