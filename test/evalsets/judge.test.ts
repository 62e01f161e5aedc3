import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { findFalseQuote } from '../../src/judge/check-quotes.ts'
import { parseLabels } from '../../src/judge/label-rows.ts'
import { formatVotes } from '../../src/judge/votes-to-store.ts'
import { storedTranscript } from '../../src/schema/judge.ts'
import type { LoadedJudge } from '../../src/suites/load-evalset.ts'
import { sha256 } from '../../src/text/hash.ts'
import { bundledSet } from './bundled-set.ts'

const folder = new URL('../../evalsets/support-refund/judge/', import.meta.url)

function textOf(file: string): string {
  return readFileSync(new URL(file, folder), 'utf8')
}

const transcripts = new Map(
  textOf('transcripts.jsonl')
    .trim()
    .split('\n')
    .map((line) => storedTranscript.parse(JSON.parse(line)))
    .map(({ transcript, transcriptHash }) => [transcriptHash, transcript]),
)

describe('the judge of support-refund', () => {
  let judge: LoadedJudge

  beforeAll(async () => {
    const { loaded } = await bundledSet('support-refund')
    if (loaded.judge === undefined) throw new Error('it has no judge')
    judge = loaded.judge
  })

  it('asks nobody, and has earned nothing yet', () => {
    const { criteria, model } = judge.yardstick
    expect(model).toBe('stored:maintainers')
    for (const { standing, why } of criteria.values()) {
      expect(standing).toBe('uncalibrated')
      expect(why).toMatch(/^\d+ of 50 labels that people (passed|failed)$/)
    }
  })

  it('voted on wordings as they are now, and quotes what was said', () => {
    const { criteria } = judge.yardstick
    expect(judge.votes.length).toBeGreaterThan(0)
    for (const {
      criterion,
      criterionHash,
      judge: voter,
      quotes = [],
      transcriptHash,
    } of judge.votes) {
      expect([voter, criterionHash]).toEqual(['maintainers', criteria.get(criterion)?.hash])
      const transcript = transcripts.get(transcriptHash)
      expect(quotes).toHaveLength(1)
      expect(findFalseQuote(transcript ?? '', quotes)).toBeUndefined()
    }
    expect(textOf('votes.jsonl')).toBe(formatVotes(judge.votes))
  })

  it('keeps transcripts under the hashes of their texts', () => {
    for (const [hash, text] of transcripts) expect(hash).toBe(`sha256:${sha256(text)}`)
  })

  it('is held against labels of wordings as they are now', () => {
    const labels = parseLabels(textOf('labels.csv'), 'labels.csv')
    for (const { criterion, criterionHash, transcriptHash } of labels) {
      expect(criterionHash).toBe(judge.yardstick.criteria.get(criterion)?.hash)
      expect(transcripts.has(transcriptHash)).toBe(true)
    }
    const labelled = new Set(
      labels.map(({ criterion, transcriptHash }) => `${criterion} ${transcriptHash}`),
    )
    const voted = new Set(
      judge.votes.map(({ criterion, transcriptHash }) => `${criterion} ${transcriptHash}`),
    )
    expect(labelled).toEqual(voted)
  })
})
