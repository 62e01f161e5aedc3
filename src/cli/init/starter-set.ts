import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { NewFile } from '../../authoring/stub-set.ts'

/**
 * The starter eval set that comes with this package: a real one, linted and run by our own tests,
 * so that what a new project starts from works.
 */
export async function starterSet(name: string): Promise<readonly NewFile[]> {
  const packageFile = createRequire(import.meta.url).resolve('agent-eval/package.json')
  const folder = path.join(path.dirname(packageFile), 'evalsets', 'starter')
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort()
  return Promise.all(
    files.map(async (file) => ({
      file: `evalsets/${name}/${file.split(path.sep).join('/')}`,
      text: ofProject(await readFile(path.join(folder, file), 'utf8'), name),
    })),
  )
}

/** What tiers mean stands once, in `agent-eval.yaml`: here it would beat that, and a change there do nothing. */
function ofProject(text: string, name: string): string {
  return text.replace(/^id: starter$/m, `id: ${name}`).replace(/^ {2}models:\n(?: {4}.*\n)+/m, '')
}
