import type { Folder } from '../ports.ts'
import type { World } from '../schema/world.ts'
import { modulePath } from './check-world.ts'
import { quote } from './describe.ts'
import { readText } from './folder-files.ts'
import type { Checked, Problem } from './problem.ts'
import type { Part } from './read-parts.ts'

/** The text of each module that a world names, by path, for its hash. */
export async function readModules(
  folder: Folder,
  world: Checked<Part<World>>,
): Promise<Checked<ReadonlyMap<string, string>>> {
  const texts = new Map<string, string>()
  const problems: Problem[] = []
  if (!world.ok) return { ok: true, value: texts }
  const { value, source } = world.value
  for (const [name, { module }] of Object.entries(value.tools)) {
    const path = module === undefined ? undefined : modulePath(module)
    if (path === undefined || texts.has(path)) continue
    const read = await readText(folder, path)
    if (!read.ok) problems.push(...read.problems)
    else if (read.value !== undefined) texts.set(path, read.value)
    else if (source !== undefined) {
      const message = `there is no file ${quote(path)}`
      problems.push(source.problem({ path: ['tools', name, 'module'], message }))
    }
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: texts }
}
