import { z } from 'zod'
import { AgentEvalError } from '../errors.ts'
import { baseline } from '../schema/baseline.ts'
import { candidateFile } from '../schema/candidate.ts'
import { evalCase } from '../schema/case.ts'
import { evalSetFile } from '../schema/evalset.ts'
import { injections } from '../schema/injections.ts'
import { judgingPolicy } from '../schema/policy.ts'
import { projectConfig } from '../schema/project.ts'
import { runManifest } from '../schema/run-manifest.ts'
import { comparison, runResult } from '../schema/run-result.ts'
import { trialLine } from '../schema/trial.ts'
import { verdict } from '../schema/verdict.ts'
import { world } from '../schema/world.ts'
import { unknownName } from './describe.ts'
import { caseList } from './read-cases.ts'

const cases = z.union([evalCase, z.array(evalCase), caseList.extend({ cases: z.array(evalCase) })])

const schemas: ReadonlyMap<string, z.ZodType> = new Map(
  Object.entries({
    project: projectConfig,
    evalset: evalSetFile,
    world,
    case: evalCase,
    cases,
    policy: judgingPolicy,
    injections,
    candidate: candidateFile,
    baseline,
    'run-manifest': runManifest,
    'run-result': runResult,
    trial: trialLine,
    verdict,
    comparison,
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
    throw new AgentEvalError(unknownName('schema', name, schemaNames), 'usage')
  }
  const json = z.toJSONSchema(schema, {
    io: 'input',
    override({ jsonSchema }) {
      // Of zod, and unknown to validators; the pattern beside it says the same.
      if (jsonSchema.format === 'starts_with') delete jsonSchema.format
    },
  })
  return `${JSON.stringify(json, null, 2)}\n`
}
