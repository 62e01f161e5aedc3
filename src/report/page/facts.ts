import type { PageFact, PageTone } from '../../schema/page-data.ts'
import type { Tone } from '../terminal/paint.ts'

/** One labelled value; none for an empty text. */
export function factOf(label: string, value: string, tone?: PageTone): readonly PageFact[] {
  if (value === '') return []
  return [{ label, value, ...(tone !== undefined && { tone }) }]
}

/** The same for each text. */
export function factsOf(
  label: string,
  values: readonly string[],
  tone?: PageTone,
): readonly PageFact[] {
  return values.flatMap((value) => factOf(label, value, tone))
}

/** Sentences such as `with cold caches: $0.02 a task` by what stands before their colon. */
export function labelled(sentences: readonly string[], otherwise: string): readonly PageFact[] {
  return sentences.flatMap((sentence) => {
    const colon = sentence.indexOf(': ')
    if (colon === -1) return factOf(otherwise, sentence)
    return factOf(sentence.slice(0, colon), sentence.slice(colon + 2))
  })
}

/** What is bold in a terminal needs no colour. */
export function pageTone(tone: Tone | undefined): PageTone | undefined {
  return tone === 'bold' ? undefined : tone
}

/** What is bad above the rest, which keeps its order: a page shows the first few rows of an answer. */
export function badFirst(facts: readonly PageFact[]): readonly PageFact[] {
  return facts.toSorted((a, b) => Number(b.tone === 'bad') - Number(a.tone === 'bad'))
}
