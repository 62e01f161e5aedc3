import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { sha256 } from '../../text/hash.ts'
import { cassetteFolder } from '../candidate/cassette-name.ts'
import { isMissing } from '../outside/node-folder.ts'
import { historyFile } from '../run-folder/history-name.ts'
import { ledgerFile } from '../run-folder/holdout-ledger.ts'
import { version } from '../version.ts'

/** An eval set that is to be linted, by its files. */
export interface LintPlace {
  /** Absolute. */
  readonly folder: string
  /** As findings call it. */
  readonly shown: string
  /** Absolute; where runs are written, which may be below the folder. */
  readonly output: string
}

/** What an eval set can be made of, and what its modules can import. */
const extensions = /\.(?:ya?ml|jsonl?|[cm]?[jt]s|csv|rego|cedar|cedarschema|wasm|gz|tgz)$/i

/** Below the folder, but no part of the yardstick: what is tested with it, and what came of it. */
const leftOut: ReadonlySet<string> = new Set([
  'agents',
  'baseline.json',
  cassetteFolder,
  historyFile,
  ledgerFile,
  'node_modules',
])

/**
 * A hash of all that lint's answer depends on: this program, the names and bytes of the files below
 * the eval set's folder, and how findings call the folder. Reads bytes and parses nothing.
 *
 * What modules import from outside the folder is not covered, as in the hash of the eval set.
 */
export async function lintKey(place: LintPlace): Promise<string> {
  const files = await filesBelow(place, '')
  const parts = await Promise.all(files.map((file) => fingerprint(path.join(place.folder, file))))
  const lines = files.map((file, index) => `${JSON.stringify(file)} ${parts[index] ?? ''}`)
  return sha256([program, JSON.stringify(place.shown), ...lines].join('\n'))
}

/** In a build, the name of a chunk changes with everything that it imports. */
const program = `${version} ${path.basename(import.meta.url)}`

/**
 * Whether the key knows what stands at a path of the eval set. A world below `agents/` is allowed;
 * what lint says of it is then not worth keeping.
 */
export function isInKey(file: string): boolean {
  const plain = path.posix.normalize(file)
  const [first = ''] = plain.split('/')
  if (leftOut.has(first) || leftOut.has(plain)) return false
  return path.posix.extname(plain) === '' || extensions.test(plain)
}

async function filesBelow(place: LintPlace, below: string): Promise<readonly string[]> {
  const entries = await readdir(path.join(place.folder, below), { withFileTypes: true })
  const found: string[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = path.posix.join(below, entry.name)
    if (isLeftOut(place, name)) continue
    if (entry.isDirectory()) found.push(...(await filesBelow(place, name)))
    else if (extensions.test(name)) found.push(name)
  }
  return found
}

function isLeftOut({ folder, output }: LintPlace, name: string): boolean {
  return (
    leftOut.has(name) || path.posix.basename(name) === '.git' || path.join(folder, name) === output
  )
}

/** One character a byte, so that no two files are read as the same text. */
async function fingerprint(file: string): Promise<string> {
  try {
    return sha256(await readFile(file, 'latin1'))
  } catch (error) {
    // A link that leads nowhere, or to a folder.
    if (isMissing(error) || isFolder(error)) return 'none'
    throw error
  }
}

function isFolder(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EISDIR'
}
