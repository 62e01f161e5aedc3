import { z } from 'zod'
import { AgentEvalError } from '../errors.ts'
import { baseline } from '../schema/baseline.ts'
import { candidateFile } from '../schema/candidate.ts'
import { evalCase } from '../schema/case.ts'
import { evalSetFile } from '../schema/evalset.ts'
import { injections } from '../schema/injections.ts'
import { lintResult } from '../schema/lint-result.ts'
import { judgingPolicy } from '../schema/policy.ts'
import { policyTestFile } from '../schema/policy-test.ts'
import { projectConfig } from '../schema/project.ts'
import { runManifest } from '../schema/run-manifest.ts'
import { comparison, runResult } from '../schema/run-result.ts'
import { trialLine } from '../schema/trial.ts'
import { verdict } from '../schema/verdict.ts'
import { world } from '../schema/world.ts'
import { unknownName } from './describe.ts'
import { caseList } from './read-cases.ts'
import { caseOrTemplate } from './template-schema.ts'

const cases = z.union([evalCase, z.array(evalCase), caseList.extend({ cases: z.array(evalCase) })])

/** What a document has in several places and says once. */
const shared = z.registry<{ id: string }>().add(evalCase, { id: 'case' })

const schemas: ReadonlyMap<string, z.ZodType> = new Map(
  Object.entries({
    project: projectConfig,
    evalset: evalSetFile,
    world,
    case: evalCase,
    cases,
    policy: judgingPolicy,
    'policy-test': policyTestFile,
    injections,
    candidate: candidateFile,
    baseline,
    'run-manifest': runManifest,
    'run-result': runResult,
    trial: trialLine,
    verdict,
    comparison,
    'lint-result': lintResult,
  }),
)

/** The documents that have a JSON Schema; `cases` is a whole case file in any of its forms. */
export const schemaNames: readonly string[] = [...schemas.keys()]

/**
 * The JSON Schema of a document as it is written, for editors: what has a default may be left out.
 * Ends in a newline.
 *
 * @throws AgentEvalError (usage) for an unknown name
 */
export function printSchema(name: string): string {
  const schema = schemas.get(name)
  if (schema === undefined) {
    throw new AgentEvalError(unknownName('schema', name, schemaNames), 'usage', {
      hint: `there are ${schemaNames.join(', ')}`,
    })
  }
  const json = z.toJSONSchema(schema, {
    io: 'input',
    ...(name === 'cases' && { metadata: shared }),
    override({ jsonSchema, zodSchema }) {
      // Of zod, and unknown to validators; the pattern beside it says the same.
      if (jsonSchema.format === 'starts_with') delete jsonSchema.format
      if (zodSchema === (evalCase as z.core.$ZodType)) replace(jsonSchema, caseOrTemplate)
    },
  })
  return `${JSON.stringify(json, null, 2)}\n`
}

/** In place: zod has handed the schema to those that contain it. */
function replace(
  schema: z.core.JSONSchema.BaseSchema,
  by: (schema: z.core.JSONSchema.BaseSchema) => z.core.JSONSchema.BaseSchema,
): void {
  // The name in the registry stays where zod looks for it.
  const { id, ...rest } = schema
  const replacement = { ...by(rest), ...(id !== undefined && { id }) }
  for (const key of Object.keys(schema)) Reflect.deleteProperty(schema, key)
  Object.assign(schema, replacement)
}
