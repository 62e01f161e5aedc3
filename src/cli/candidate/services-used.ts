import { resolveModel } from '../../providers/registry.ts'
import type { Candidate } from '../../schema/candidate.ts'
import type { ProjectConfig } from '../../schema/project.ts'
import type { AskedModels } from './live-models.ts'

/**
 * Addresses of the services that a run may ask, as far as the project names them: a model that is moved to
 * another server is another model. What the environment says of them differs by machine and is left out.
 */
export function servicesUsed(
  { target }: Pick<Candidate, 'target'>,
  { beside, ofTask }: AskedModels,
  providers: ProjectConfig['providers'],
): Readonly<Record<string, string>> {
  // What an agent of one's own asks goes to the services of these names.
  const proxied = target === undefined || 'module' in target ? [] : ['openai:any', 'anthropic:any']
  const used = [...ofTask, ...beside, ...proxied].map((model) => resolveModel(model, providers))
  return Object.fromEntries(
    used.flatMap(({ name, settings: { base_url } }) =>
      base_url === undefined ? [] : [[name, withoutUser(base_url)] as const],
    ),
  )
}

/** A password in an address is no part of where it leads. */
function withoutUser(address: string): string {
  const url = new URL(address)
  url.username = ''
  url.password = ''
  return url.href
}
