import { z } from 'zod'
import { judgeTable } from './judge.ts'
import { apiVersion, count, share } from './names.ts'

/** A share of `of` labels, with its 95 % interval. */
const rated = z.strictObject({ value: share, of: count, ciLower: share, ciUpper: share })
export type Rated = z.infer<typeof rated>

/** Agreement beyond chance. Without an interval where both always agreed: that is not certainty. */
const beyondChance = z.strictObject({
  value: z.number(),
  standardError: z.number().min(0),
  ciLower: z.number().optional(),
  ciUpper: z.number().optional(),
})
export type BeyondChance = z.infer<typeof beyondChance>

/** What a judge has shown on one criterion. */
export const criterionAgreement = z.strictObject({
  criterion: z.string(),
  criterionHash: z.string().optional(),
  mayGate: z.boolean(),
  /** What keeps it from gating, in words; empty where nothing does. */
  missing: z.array(z.string()),
  labels: z.strictObject({
    pass: count,
    fail: count,
    /** As many said pass as fail. */
    undecided: count,
    /** Given on another wording of the criterion, and left out. */
    otherWording: count,
    /** Given by an author who is called as the judge is. */
    byJudge: count,
    authors: count,
    /** Transcripts with labels of more than one author. */
    shared: count,
    /** Krippendorff's alpha between the authors. */
    alpha: z.number().optional(),
  }),
  table: judgeTable,
  sensitivity: rated.optional(),
  specificity: rated.optional(),
  youden: z.number().optional(),
  /** Of all settled labels; one that the judge did not answer is not agreed with. */
  accuracy: share.optional(),
  kappa: beyondChance.optional(),
  ac1: beyondChance.optional(),
  /** Who says the same of everything, and is right as often as can be that way. */
  constant: z.strictObject({ says: z.enum(['pass', 'fail']), accuracy: share }).optional(),
  singleVotes: z.strictObject({ cast: count, againstMajority: count }).optional(),
  groups: z.array(z.strictObject({ group: z.string(), labels: count, accuracy: share })).optional(),
  /** Over the groups whose names begin alike, each of which weighs the same. */
  macro: z.array(z.strictObject({ of: z.string(), groups: count, accuracy: share })).optional(),
})
export type CriterionAgreement = z.infer<typeof criterionAgreement>

/** `judge calibrate`: a judge held against people. */
export const judgeAgreement = z.strictObject({
  apiVersion,
  kind: z.literal('JudgeAgreement'),
  judge: z.string(),
  votes: count,
  mayGate: z.boolean(),
  criteria: z.array(criterionAgreement),
  /** Criteria of the rubric that nobody has labelled. */
  unlabelled: z.array(z.string()),
  /** Labelled transcripts without a vote that could be asked for, since their text is known. */
  askable: count,
  /** What was asked now. */
  asked: z
    .strictObject({ votes: count, failed: count, costUsd: z.number().min(0).optional() })
    .optional(),
  /** Where the calibration was written to, and how many transcripts were frozen to see drift by. */
  written: z.strictObject({ file: z.string(), canaries: count }).optional(),
})
export type JudgeAgreement = z.infer<typeof judgeAgreement>
