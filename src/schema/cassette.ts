import { z } from 'zod'
import { jsonObject, jsonValue } from './json.ts'
import { part } from './message.ts'
import { failedAttempt, failureClass, stopReason, usage } from './model-answer.ts'
import { apiVersion, count, usd } from './names.ts'
import { ledgerRole } from './trace.ts'

/** SHA-256 of canonical JSON, cut to 128 bits. */
const contentHash = z.string().regex(/^[0-9a-f]{32}$/, 'a hash has 32 hexadecimal digits')

/** The first line of a cassette: whose recordings these are. */
export const cassetteHeader = z.strictObject({
  apiVersion,
  kind: z.literal('Cassette'),
  /** Id of the eval set. */
  evalSet: z.string(),
  /** Name of the candidate. */
  candidate: z.string(),
})
export type CassetteHeader = z.infer<typeof cassetteHeader>

/** Something long that many requests say, written once: a system prompt, a list of tools. */
const sharedLine = z.strictObject({
  type: z.literal('shared'),
  hash: contentHash,
  value: jsonValue,
})

/** A model's reply as the rest of the program got it, after all retries. */
export const recordedReply = z.discriminatedUnion('ok', [
  z.strictObject({
    ok: z.literal(true),
    response: z.strictObject({
      content: z.array(part),
      modelServed: z.string(),
      stopReason,
      usage,
      costUsd: usd.optional(),
      coldCostUsd: usd.optional(),
      latencyMs: z.number().min(0),
      retries: count,
      attempts: z.array(failedAttempt).optional(),
    }),
  }),
  z.strictObject({
    ok: z.literal(false),
    error: z.strictObject({
      class: failureClass,
      message: z.string(),
      attempts: z.array(failedAttempt).optional(),
    }),
  }),
])

/** What a service answered to an agent outside, word for word; streamed chunks are joined. */
export const recordedResponse = z.strictObject({
  status: z.int().min(100).max(599),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  usage: usage.optional(),
  costUsd: usd.optional(),
  coldCostUsd: usd.optional(),
  latencyMs: z.number().min(0),
  attempts: z.array(failedAttempt).optional(),
})

/** What every entry says, whatever was asked. */
const place = {
  /** As `formatTrialKey` writes it. */
  trial: z.string(),
  role: ledgerRole,
  /** Which request of this role in the trial, from 0. */
  ordinal: count,
  /** Of all that the request says, and of its place. Two requests share it only if they are one. */
  key: contentHash,
  /** `provider:model`. */
  reference: z.string(),
  /** What stands here and nowhere else: all but the shared parts and the conversation. */
  request: jsonObject,
  /** Members of the request that stand on lines of their own, by hash. */
  shared: z.record(z.string(), contentHash).optional(),
  /** The list in the request that grows from one request to the next. */
  conversation: z
    .strictObject({
      /** The member of the request that holds it. */
      in: z.enum(['messages', 'input']),
      /** How many items it begins with that the entry before, of this trial and role, had as well. */
      same: count,
      /** The items after them; a hash names one that stands on a line of its own. */
      new: z.array(z.union([jsonObject, contentHash])),
    })
    .optional(),
}

/** One request of ours and what came of it. */
const modelLine = z.strictObject({
  type: z.literal('model'),
  ...place,
  reply: recordedReply,
})

/** One request of an agent outside, as it passed the proxy. */
const httpLine = z.strictObject({
  type: z.literal('http'),
  ...place,
  method: z.string(),
  /** Without the part that tells trials apart. */
  path: z.string(),
  reply: recordedResponse,
})

/** Every line after the first. */
export const cassetteLine = z.discriminatedUnion('type', [sharedLine, modelLine, httpLine])
export type CassetteLine = z.infer<typeof cassetteLine>
