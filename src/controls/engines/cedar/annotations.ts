import { ruleId } from '../../../schema/names.ts'
import { type OnFail, type Severity, severity } from '../../../schema/policy.ts'
import { didYouMean } from '../../../text/did-you-mean.ts'

/** What a policy does to an action that it forbids; see `readAnnotations`. */
export type CedarOnFail = Extract<
  OnFail,
  'deny' | 'escalate_to_human' | 'block_and_alert' | 'fallback'
>

/** What a policy says of itself besides its conditions. */
export interface Annotated {
  readonly id?: string
  readonly reason?: string
  readonly severity?: Severity
  readonly onFail: CedarOnFail
}

const onFailWords = new Map<string, CedarOnFail>([
  ['deny', 'deny'],
  ['escalate_to_human', 'escalate_to_human'],
  ['escalate', 'escalate_to_human'],
  ['block_and_alert', 'block_and_alert'],
  ['fallback', 'fallback'],
])

/**
 * Reads `@id`, `@reason`, `@severity` and `@on_fail` of a policy; others are its team's own.
 *
 * Cedar knows allow and deny only. `@on_fail` on a `forbid` is how a team says the rest, in the words
 * of inline rules: `escalate_to_human` (or `escalate`), `block_and_alert`, `fallback`, `deny`. An
 * action is escalated where nothing but policies that escalate stands in its way: another `forbid`,
 * or no `permit`, denies it.
 *
 * @returns what is wrong, where something is
 */
export function readAnnotations(
  effect: 'permit' | 'forbid',
  annotations: Readonly<Record<string, string | null>>,
):
  | { readonly ok: true; readonly value: Annotated }
  | { readonly ok: false; readonly message: string; readonly hint?: string } {
  const { id, reason, severity: written, on_fail } = annotations
  const wrong = wrongId(id) ?? wrongSeverity(written) ?? wrongOnFail(effect, on_fail)
  if (wrong !== undefined) return { ok: false, ...wrong }
  const grade = severity.safeParse(written)
  const value = {
    ...(typeof id === 'string' && { id }),
    ...(typeof reason === 'string' && { reason }),
    ...(grade.success && { severity: grade.data }),
    onFail: onFailWords.get(on_fail ?? 'deny') ?? 'deny',
  }
  return { ok: true, value }
}

interface Wrong {
  readonly message: string
  readonly hint?: string
}
type Written = string | null | undefined

function wrongId(id: Written): Wrong | undefined {
  if (id === undefined || ruleId.safeParse(id).success) return undefined
  return {
    message: `@id(${JSON.stringify(id ?? '')}) is no id of a rule`,
    hint: 'use letters, digits, dots, dashes and underscores, at most 120',
  }
}

function wrongSeverity(written: Written): Wrong | undefined {
  if (written === undefined || severity.safeParse(written).success) return undefined
  return {
    message: `@severity(${JSON.stringify(written ?? '')}) is unknown`,
    hint: `one of ${severity.options.join(', ')}`,
  }
}

function wrongOnFail(effect: 'permit' | 'forbid', written: Written): Wrong | undefined {
  if (written === undefined) return undefined
  if (effect === 'permit') {
    return {
      message: '@on_fail stands on a permit, which never fails an action',
      hint: 'write it on the forbid that fails it',
    }
  }
  if (written !== null && onFailWords.has(written)) return undefined
  const meant = didYouMean(written ?? '', onFailWords.keys())
  const all = `one of ${[...onFailWords.keys()].join(', ')}`
  return {
    message: `@on_fail(${JSON.stringify(written ?? '')}) is unknown`,
    hint: meant === undefined ? all : `did you mean "${meant}"?`,
  }
}
