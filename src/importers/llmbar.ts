import { z } from 'zod'
import { AgentEvalError } from '../errors.ts'
import type { JudgeLabel, StoredVote } from '../schema/judge.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import { hashOf, sha256 } from '../text/hash.ts'

/** Parts of LLMBar; those of a kind stand below one name. */
export const llmbarSubsets = [
  'Adversarial/Neighbor',
  'Adversarial/GPTInst',
  'Adversarial/GPTOut',
  'Adversarial/Manual',
  'Natural',
] as const
export type LlmbarSubset = (typeof llmbarSubsets)[number]

/** Where the verdicts of one evaluator on one subset stand in LLMBar. */
export function llmbarFile(subset: LlmbarSubset, evaluator: string): string {
  return `LLMBar/${subset}/evaluators/${evaluator}/result.json`
}

/** What each verdict answers. Which answer stands first differs, so that a habit of place shows. */
const llmbarCriterion = 'first-answer-is-better'
const question =
  'Does the answer that is shown first follow the instruction better than the second?'

const verdict = z.object({ winner: z.string() })
const verdicts = z.object({ 'swap = False': verdict, 'swap = True': verdict })
const pairs = z
  .array(
    z.object({
      input: z.string(),
      output_1: z.string(),
      output_2: z.string(),
      label: z.union([z.literal(1), z.literal(2)]),
      // Prompts of several steps keep them all; the last one holds the verdicts.
      results: z.array(z.unknown()).min(1),
    }),
  )
  .min(1)

export interface LlmbarItems {
  readonly labels: readonly JudgeLabel[]
  readonly votes: readonly StoredVote[]
}

/**
 * Turns what an evaluator said of pairs of answers into labels and votes of ours.
 *
 * Each pair was judged in both orders, and each order is a transcript of its own: the first answer is
 * better, or it is not. So every pair is one pass and one fail, and a judge that always takes the
 * first answer has J = 0. The two transcripts of a pair are not independent of each other; one of
 * them is a pass and one a fail, so sensitivity and specificity each see every pair once.
 *
 * @param document - `result.json` of the subset
 * @param file - as messages call it
 * @throws AgentEvalError (input) for a file of another form
 * @see Zeng et al. 2024, Evaluating Large Language Models at Evaluating Instruction Following,
 *   arXiv:2310.07641
 */
export function importLlmbar(
  {
    document,
    file,
    subset,
  }: { readonly document: unknown; readonly file: string; readonly subset: LlmbarSubset },
  evaluator: string,
): LlmbarItems {
  const parsed = pairs.safeParse(document)
  if (!parsed.success) throw notLlmbar(file, parsed.error.issues[0]?.path.join('.') ?? '')
  const items = parsed.data.flatMap(({ label, results, ...pair }, index) => {
    const read = verdicts.safeParse(results.at(-1))
    if (!read.success) throw notLlmbar(file, `${index}.results`)
    const told = [read.data['swap = False'].winner, read.data['swap = True'].winner] as const
    return told.map((winner, swapped) =>
      itemOf({ ...pair, index, subset, better: label, winner }, swapped === 1, evaluator),
    )
  })
  return { labels: items.map(({ label }) => label), votes: items.map(({ vote }) => vote) }
}

interface JudgedPair {
  readonly input: string
  readonly output_1: string
  readonly output_2: string
  readonly subset: LlmbarSubset
  /** A pair may stand there twice. */
  readonly index: number
  readonly better: 1 | 2
  /** `1` or `2`, by the numbers of the answers and not by their places. */
  readonly winner: string
}

function itemOf(
  { better, index, input, output_1: one, output_2: two, subset, winner }: JudgedPair,
  isSwapped: boolean,
  evaluator: string,
): { readonly label: JudgeLabel; readonly vote: StoredVote } {
  const shown = isSwapped ? { input, first: two, second: one } : { input, first: one, second: two }
  const first = isSwapped ? 2 : 1
  const item = {
    criterion: llmbarCriterion,
    criterionHash: hashOf(question),
    transcriptHash: `sha256:${sha256(canonicalJson({ ...shown, subset, index }))}`,
  }
  return {
    label: {
      ...item,
      label: better === first ? 'pass' : 'fail',
      author: 'LLMBar',
      reason: '',
      date: '',
      group: subset,
    },
    vote: { ...item, judge: evaluator, ordinal: 0, vote: answerOf(winner, String(first)) },
  }
}

/** Some evaluators name neither, or what cannot be read. */
function answerOf(winner: string, first: string): StoredVote['vote'] {
  if (winner !== '1' && winner !== '2') return 'abstain'
  return winner === first ? 'yes' : 'no'
}

function notLlmbar(file: string, where: string): AgentEvalError {
  return new AgentEvalError(`${where}: not a result of LLMBar`, 'input', {
    source: { file },
    hint: 'it is result.json of an evaluator, as LLMBar publishes it',
  })
}
