import type { Desk } from './desk.ts'
import type { Language } from './language.ts'
import type { Article } from './records.ts'
import { inEnglish } from './vocabulary.ts'

const small = new Set(
  'a an and any are as at be but by can do does down for from get have how i if in is it its keep keeps left long may me my of off on once or our out so some than that the their them then there they this to too until was we what when which who will with would you your'.split(
    ' ',
  ),
)

/** The one thing to say from the help centre: the best sentences of the article that fits best. */
export async function searchHelp(
  text: string,
  language: Language,
  desk: Desk,
): Promise<string | undefined> {
  const query = withSynonyms(inEnglish(text, language))
  const found = await desk.look<{ articles: readonly Article[] }>('kb.search', { query })
  const articles = found.ok ? found.value.articles : []
  const words = contentWords(query)
  const newest =
    articles
      .map(({ updated }) => updated)
      .sort()
      .at(-1) ?? ''
  const scored = articles
    // Old articles contradict today's rules.
    .filter(({ updated }) => Number(newest.slice(0, 4)) - Number(updated.slice(0, 4)) < 1)
    .map((article) => ({ article, score: score(`${article.title} ${article.body}`, words) }))
    .sort((a, b) => b.score - a.score || b.article.updated.localeCompare(a.article.updated))
  const best = scored[0]?.article
  return best === undefined ? undefined : excerpt(best.body, words)
}

/** What customers call the things that the articles have other words for. */
const synonyms: readonly (readonly [RegExp, string])[] = [
  [/call(ed)? off/i, 'cancel'],
  [/covered|guarantee|gives? up the ghost|gave up|broke down/i, 'warranty defect year'],
  [/send .{0,20}back|take back/i, 'return refund days'],
  [/don't like|decide against|second thoughts/i, 'change mind'],
  [/courier|parcel/i, 'carrier parcel traced'],
  [/rusty/i, 'rust'],
  [/machine/i, 'dishwasher'],
  [/smaller/i, 'shrink shrinks'],
]

function withSynonyms(text: string): string {
  return [text, ...synonyms.flatMap(([said, meant]) => (said.test(text) ? [meant] : []))].join(' ')
}

/** The sentences that share the most words with the question; two at most, in their order. */
export function excerpt(body: string, words: ReadonlySet<string>): string {
  const sentences = body.split(/(?<=[.!?])\s+|\n+/).filter((one) => one.trim() !== '')
  const ranked = sentences
    .map((sentence, index) => ({ sentence, index, score: score(sentence, words) }))
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, 2)
    .sort((a, b) => a.index - b.index)
  return ranked.map(({ sentence }) => sentence).join(' ')
}

export function contentWords(text: string): ReadonlySet<string> {
  return new Set(
    text
      .toLowerCase()
      .split(/[^\p{L}]+/u)
      .filter((word) => word.length > 2 && !small.has(word))
      .map(stem),
  )
}

function stem(word: string): string {
  return word.replace(/(ing|ed|es|s)$/, '').slice(0, 6)
}

function score(text: string, words: ReadonlySet<string>): number {
  return [...contentWords(text)].filter((word) => words.has(word)).length
}
