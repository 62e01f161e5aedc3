import type { ActingAgent } from '../../controls/policy-engine.ts'
import type { Candidate } from '../../schema/candidate.ts'
import type { EvalCase } from '../../schema/case.ts'

/** Who acts: as its configuration says, and in whose name a case lets it act. */
export function actingAs(
  { identity }: Pick<Candidate, 'identity'>,
  granted?: EvalCase['identity'],
): ActingAgent {
  const { expires, principal, scopes, tenant } = { ...identity, ...granted }
  return {
    principal,
    ...(scopes !== undefined && { scopes }),
    ...(tenant !== undefined && { tenant }),
    ...(expires !== undefined && { expires }),
  }
}
