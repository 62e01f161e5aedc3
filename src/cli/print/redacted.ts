import { asJson } from '../../schema/json.ts'
import type { CommandMeans } from '../candidate/command-means.ts'

/** A document without the secrets that got into its texts, such as by what a policy's server says. */
export function redacted<T extends object>(
  document: T,
  { redactor }: Pick<CommandMeans, 'redactor'>,
): T {
  return redactor.json(asJson(document)) as unknown as T
}
