import type { EngineProblem } from '../../engine-ports.ts'
import type { Cedar } from './cedar.ts'
import type { CedarRule } from './read-policies.ts'
import type { CedarSchema } from './read-schema.ts'
import { problemsAt, problemsOf } from './source-file.ts'

/**
 * Checks policies against their schema: names and types of attributes, optional ones that nobody
 * asked for with `has`, actions and types that there are not.
 *
 * Cedar calls this a success also where it has found errors. Its warnings are left to its own tools.
 */
export function validatePolicies(
  cedar: Cedar,
  rules: ReadonlyMap<string, CedarRule>,
  schema: CedarSchema,
): readonly EngineProblem[] {
  const staticPolicies = Object.fromEntries(
    [...rules.values()].map(({ id, statement }) => [id, statement.text]),
  )
  const answer = cedar.validate({ schema: schema.text, policies: { staticPolicies } })
  if (answer.type === 'failure') return problemsOf(schema.file, answer.errors)
  return [...rules.values()].flatMap(({ file, id, statement }) => {
    const errors = answer.validationErrors.filter(({ policyId }) => policyId === id)
    return problemsAt(
      file,
      statement,
      errors.map(({ error }) => error),
    )
  })
}
