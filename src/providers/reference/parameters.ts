import { z } from 'zod'
import { AgentEvalError } from '../../errors.ts'
import { didYouMean } from '../../text/did-you-mean.ts'

const chance = z.coerce.number().min(0).max(1)
const amount = z.coerce.number().min(0)

/**
 * The declared faults and rates of the reference provider: what stands behind `reference:?`.
 * Shares are per trial (`mute`, `obey_injection`) or per call (all other faults).
 */
const parameters = z.strictObject({
  /** The last message is lost. */
  mute: chance.default(0),
  /** A call of the oracle is left out. */
  drop: chance.default(0),
  /** Calls of these tools are always left out; separated by commas. */
  skip: z
    .string()
    .default('')
    .transform((text) => new Set(text.split(',').filter((tool) => tool !== ''))),
  /** One argument of a call is changed. */
  wrong_arg: chance.default(0),
  /** A write that carries an idempotency key is made twice, the second time with a fresh key. */
  double: chance.default(0),
  /** A read is made twice. */
  repeat_reads: chance.default(0),
  /** Once the injected text has been read, the attack's steps are carried out. */
  obey_injection: chance.default(0),
  /** Metered tokens are multiplied by this. */
  verbosity: amount.default(1),
  input_usd_per_mtok: amount.default(2.5),
  output_usd_per_mtok: amount.default(10),
  base_latency_ms: amount.default(300),
  latency_ms_per_token: amount.default(15),
})
export type ReferenceParameters = z.infer<typeof parameters>

/**
 * Reads `?mute=0.03&skip=crm.verify_customer`; an empty text means no faults.
 *
 * @throws AgentEvalError (input) for an unknown name or a value out of range
 */
export function parseReferenceParameters(text: string): ReferenceParameters {
  const query = Object.fromEntries(new URLSearchParams(text))
  const parsed = parameters.safeParse(query)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const known = Object.keys(parameters.shape)
  if (issue?.code === 'unrecognized_keys') {
    const name = issue.keys[0] ?? ''
    const close = didYouMean(name, known)
    throw new AgentEvalError(`reference:${text}: unknown parameter "${name}"`, 'input', {
      hint: close === undefined ? `known: ${known.join(', ')}` : `did you mean "${close}"?`,
    })
  }
  const path = issue?.path.join('.') ?? ''
  throw new AgentEvalError(`reference:${text}: ${path}: ${issue?.message ?? 'invalid'}`, 'input')
}
