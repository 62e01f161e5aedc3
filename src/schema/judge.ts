import { z } from 'zod'
import { modelRef } from './candidate.ts'
import { apiVersion, count, id } from './names.ts'

const innerPath = z.string().min(1)

/** `judge` in `evalset.yaml`: who votes on the criteria of the rubric. Part of the yardstick. */
export const judgeSettings = z.strictObject({
  /** `stored:NAME` asks nobody: only votes of `NAME` that are committed with the set count. */
  model: modelRef,
  /** Asked this often for each criterion; the majority decides. Odd, so that there is one. */
  votes: z
    .int()
    .positive()
    .max(15)
    .default(3)
    .refine((votes) => votes % 2 === 1, 'an odd number of votes, so that there is a majority'),
  rubric: innerPath.default('rubric.yaml'),
  /** Labels by people: what the judge is measured against. CSV. */
  labels: innerPath.default('judge/labels.csv'),
  /** Votes that are committed: whoever has the same transcript need ask nobody. JSON Lines. */
  votes_file: innerPath.default('judge/votes.jsonl'),
  /** Transcripts that people have labelled: a judge can still be asked once their run is gone. */
  transcripts: innerPath.default('judge/transcripts.jsonl'),
  /** What `judge calibrate` found, as it stands in force. */
  calibration: innerPath.default('judge/calibration.json'),
  /** A judge of the candidate's own family favours it; saying so here accepts that. */
  allow_same_family: z.boolean().default(false),
})
export type JudgeSettings = z.infer<typeof judgeSettings>

/** One question about a transcript that is answered by yes or no. */
export const criterion = z.strictObject({
  id,
  question: z.string().min(1),
  /** Which answer is good. */
  passes: z.enum(['yes', 'no']).default('yes'),
  /** What counts and what does not, for judges and for people who label. */
  guidance: z.string().optional(),
})
export type Criterion = z.infer<typeof criterion>

export const rubricFile = z.strictObject({
  apiVersion,
  kind: z.literal('Rubric').optional(),
  criteria: z.array(criterion).min(1),
})
export type Rubric = z.infer<typeof rubricFile>

/** A vote that is committed with the eval set: one line of `votes_file`. */
export const storedVote = z.strictObject({
  criterion: z.string(),
  criterionHash: z.string(),
  transcriptHash: z.string(),
  /** Who voted: the part behind `stored:`, or the model. */
  judge: z.string(),
  ordinal: count,
  vote: z.enum(['yes', 'no', 'abstain']),
  reason: z.string().optional(),
  /** Each with the line of the transcript that holds it: events may be numbered otherwise. */
  quotes: z.array(z.strictObject({ line: count, text: z.string() })).optional(),
})
export type StoredVote = z.infer<typeof storedVote>

/** One line of `transcripts`: what was shown, under the hash of exactly this text. */
export const storedTranscript = z.strictObject({
  transcriptHash: z.string(),
  transcript: z.string(),
})

/** What a person said of one transcript: a row of `labels`. */
export const judgeLabel = z.strictObject({
  criterion: z.string().min(1),
  /** The wording that was asked; absent where a person did not write it down. */
  criterionHash: z.string().optional(),
  transcriptHash: z.string(),
  /** Where the transcript was seen, such as `RUN/case#1`; says nothing else. */
  trial: z.string().optional(),
  /** Whether the trial is good by this criterion, whichever answer that is. */
  label: z.enum(['pass', 'fail']),
  author: z.string().min(1),
  reason: z.string(),
  /** ISO date, or empty. */
  date: z.string(),
  /** Part of the labelled material, such as `Adversarial/Manual`: agreement is told of each as well. */
  group: z.string().optional(),
})
export type JudgeLabel = z.infer<typeof judgeLabel>

/** Answers of a judge against those of people on one criterion. `positive` is "the trial is good". */
export const judgeTable = z.strictObject({
  truePositive: count,
  falsePositive: count,
  trueNegative: count,
  falseNegative: count,
  /** Labelled by people, and the judge abstained or failed. */
  unanswered: count,
})
export type JudgeTable = z.infer<typeof judgeTable>

/** A transcript whose majority vote was written down when the judge was calibrated. */
export const canary = z.strictObject({
  criterion: z.string(),
  criterionHash: z.string(),
  transcriptHash: z.string(),
  /** As the judge was shown it, so that it can be asked again. */
  transcript: z.string(),
  vote: z.enum(['yes', 'no', 'abstain']),
})
export type Canary = z.infer<typeof canary>

/** `judge/calibration.json`: what a judge has earned. Stale once model, votes or rubric change. */
export const judgeCalibration = z.strictObject({
  apiVersion,
  kind: z.literal('JudgeCalibration'),
  judge: z.string(),
  votes: count,
  criteria: z.array(
    z.strictObject({
      criterion: z.string(),
      criterionHash: z.string(),
      table: judgeTable,
      /** How often a single vote stood against the majority of its own judge: what drift has to beat. */
      singleVotes: z.strictObject({ cast: count, againstMajority: count }).optional(),
    }),
  ),
  canaries: z.array(canary).default([]),
})
export type JudgeCalibration = z.infer<typeof judgeCalibration>

/** What a judge did in a run, for reports. Only trials whose case asks it, and only the latest attempt counts. */
export const judgeSummary = z.strictObject({
  /** As the eval set names it. */
  model: z.string(),
  trials: count,
  cases: count,
  /** Trials that failed by the judge alone. */
  failed: count,
  /** Trials that the judge would have failed and was not allowed to. */
  advised: count,
  /** Trials with a criterion that got no majority, or no votes at all. */
  unscored: count,
  /** Criteria without a calibration in force, and why; sorted by criterion. */
  uncalibrated: z.array(z.strictObject({ criterion: z.string(), why: z.string() })),
  /** Why it was not asked in this run, where it was stopped. */
  stopped: z.string().optional(),
})
export type JudgeSummary = z.infer<typeof judgeSummary>
