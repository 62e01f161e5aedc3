import type {
  AuthorizationAnswer,
  CheckParseAnswer,
  EntityJson,
} from '@cedar-policy/cedar-wasm/nodejs'
import { asJson } from '../../../schema/json.ts'
import { canonicalJson } from '../../../text/canonical-json.ts'
import { sha256 } from '../../../text/hash.ts'
import { authorize } from './authorize.ts'
import type { Cedar } from './cedar.ts'
import type { CedarRule } from './read-policies.ts'
import type { CedarSchema } from './read-schema.ts'
import type { CedarRequest } from './request.ts'

/** Puts a request to Cedar. Throws where Cedar itself breaks down. */
export type AskCedar = (
  request: CedarRequest,
  entities: readonly EntityJson[],
) => AuthorizationAnswer

/**
 * Has Cedar parse policies and schema once: a decision is then five times as fast.
 *
 * Cedar keeps what it is given for the rest of the process, by name. Their content is the name, so
 * that nobody can replace the policies of another, and opening the same ones again takes no memory.
 *
 * @throws Error where Cedar cannot parse what it has parsed before
 */
export function askCedar(
  cedar: Cedar,
  rules: ReadonlyMap<string, CedarRule>,
  schema: CedarSchema,
): AskCedar {
  const staticPolicies = policiesToAsk(cedar, rules)
  const name = sha256(canonicalJson([staticPolicies, schema.text]))
  requireSuccess(cedar.preparseSchema(name, schema.text))
  requireSuccess(cedar.preparsePolicySet(name, { staticPolicies }))
  return ({ action, context, principal, resource }, entities) =>
    authorize(cedar, {
      principal,
      action,
      resource,
      context,
      entities: [...entities],
      preparsedSchemaName: name,
      validateRequest: true,
      preparsedPolicySetId: name,
    })
}

/**
 * The policies in the form in which they are asked: those that escalate as if they permitted.
 *
 * Where a `forbid` holds, Cedar does not say whether a `permit` holds as well. An escalation has to
 * know: a person may set it aside, and then nothing must pass that no policy permits.
 */
function policiesToAsk(
  cedar: Cedar,
  rules: ReadonlyMap<string, CedarRule>,
): Record<string, string> {
  return Object.fromEntries(
    [...rules.values()].map((rule) => [
      rule.id,
      rule.onFail === 'escalate_to_human' ? asPermit(cedar, rule) : rule.statement.text,
    ]),
  )
}

/** In the text: in Cedar's JSON, numbers above 2^53 would come back as others. */
function asPermit(cedar: Cedar, { json, statement }: CedarRule): string {
  const { effectAt, text } = statement
  const permit = `${text.slice(0, effectAt)}permit${text.slice(effectAt + 'forbid'.length)}`
  const read = cedar.policyToJson(permit)
  const wanted = canonicalJson(asJson({ ...json, effect: 'permit' }))
  if (read.type === 'success' && canonicalJson(asJson(read.json)) === wanted) return permit
  throw new Error(`cannot find the effect of ${text}`)
}

function requireSuccess(answer: CheckParseAnswer): void {
  if (answer.type === 'success') return
  throw new Error(answer.errors.map(({ message }) => message).join('; '))
}
