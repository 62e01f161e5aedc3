import path from 'node:path'
import { z } from 'zod'
import type { PassCount } from '../../src/metrics/pass-hat-k.ts'
import { readDataJson } from './data-folder.ts'
import { listArchive, unpackJson } from './unpack-archive.ts'

const archive = 'llmbar/evaluators.tar.xz'

export const adversarialSubsets = ['Neighbor', 'GPTInst', 'GPTOut', 'Manual'].map(
  (name) => `Adversarial/${name}`,
)
const subsets = [...adversarialSubsets, 'Natural'] as const

/** A judge model and the prompt it was asked with. */
export interface Judge {
  readonly model: string
  readonly prompt: string
}

/** One pair of answers, judged in both orders. */
interface JudgedPair {
  /** Verdicts that name the answer people preferred, of two. */
  readonly correct: PassCount
  /** Both orders name the same answer. */
  readonly agrees: boolean
}

/** Which of the two answers people found better. */
const label = z.union([z.literal(1), z.literal(2)])
const winner = z.object({ winner: z.string() })
const verdicts = z.object({ 'swap = False': winner, 'swap = True': winner })
const judgedPairs = z.array(
  z.object({
    label,
    // Prompts of several steps keep them all; the last one is the verdict.
    results: z.array(z.unknown()).transform((steps) => verdicts.parse(steps.at(-1))),
  }),
)

/** What the publishers counted: `95 / 100 = 95.0%`. */
const counted = z.string().transform((text) => Number.parseInt(text, 10))
const statistics = z.object({
  correct_False: counted,
  correct_True: counted,
  correct_both: counted,
})

export interface JudgedSubset {
  readonly pairs: readonly JudgedPair[]
  readonly published: z.infer<typeof statistics>
}

const known = new Map<string, ReadonlyMap<string, JudgedSubset>>()

/** The pairs as one judge saw them, by subset. */
export function judgedSubsets({ model, prompt }: Judge): ReadonlyMap<string, JudgedSubset> {
  const key = `${model}/${prompt}`
  const found = known.get(key) ?? readJudge(key)
  known.set(key, found)
  return found
}

function readJudge(key: string): ReadonlyMap<string, JudgedSubset> {
  const members = (file: string): readonly string[] =>
    subsets.map((subset) => `LLMBar/${subset}/evaluators/${key}/${file}.json`)
  const documents = unpackJson(archive, [...members('result'), ...members('statistics')])
  return new Map(
    subsets.map((subset, index) => [
      subset,
      {
        pairs: pairsOf(documents[index]),
        published: statistics.parse(documents[subsets.length + index]),
      },
    ]),
  )
}

function pairsOf(document: unknown): readonly JudgedPair[] {
  return judgedPairs.parse(document).map(({ label, results }) => {
    const winners = [results['swap = False'].winner, results['swap = True'].winner]
    const passed = winners.filter((one) => one === String(label)).length
    return { correct: { passed, total: 2 }, agrees: winners[0] === winners[1] }
  })
}

/** With how many prompts each judge model was asked, ascending. */
export function promptsByModel(): readonly number[] {
  const judges = new Set(
    listArchive(archive).flatMap((member) => {
      const [, judge] = /\/evaluators\/(.+)\/result\.json$/.exec(member) ?? []
      return judge === undefined ? [] : [judge]
    }),
  )
  const models = [...judges].map((judge) => path.dirname(judge))
  const prompts = [...new Set(models)].map((model) => models.filter((one) => one === model).length)
  return prompts.sort((a, b) => a - b)
}

/** Pairs of answers of which people said which is better. */
export function labelledPairs(): number {
  const counts = subsets.map((subset) => {
    const file = `llmbar/${subset.replace('/', '__')}__dataset.json`
    return z.array(z.object({ label })).parse(readDataJson(file)).length
  })
  return counts.reduce((sum, count) => sum + count, 0)
}
