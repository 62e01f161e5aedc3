import { hash } from 'node:crypto'
import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import type { TargetSettings } from '../../schema/candidate.ts'
import { hashOf } from '../../text/hash.ts'
import { isMissing } from '../outside/node-folder.ts'

/** More than this is no agent but a project with all that lies around in it. */
const mostFiles = 5_000
const mostBytes = 200 * 1024 * 1024

/** Where a target's files lie. */
interface TargetPlace {
  /** Absolute folder of the candidate file. */
  readonly folder: string
  /** Absolute paths of files and folders that are no code, such as where runs are written. */
  readonly ignore?: readonly string[]
}

/** Each file by the name that it has in the hash, with the hash of what is in it. */
type Found = Map<string, string>

interface Walk {
  readonly found: Found
  readonly ignore: ReadonlySet<string>
  bytes: number
}

/**
 * A fingerprint of the code behind a target, so that a change in it is seen as a change of the agent.
 *
 * Of a module: every file of its folder and below, without `node_modules` and folders whose name begins
 * with a dot. Of a command or a server: what `files` names, and arguments that are files, but neither
 * installed ones nor links. Where the files lie on this machine is not part of it.
 *
 * @returns `undefined` where nothing is known of the code, as of a server that somebody else runs
 * @throws AgentEvalError (input) for a file that is not there, and for more files than an agent has
 */
export async function targetCode(
  target: TargetSettings,
  { folder, ignore = [] }: TargetPlace,
): Promise<string | undefined> {
  const walk: Walk = { found: new Map(), ignore: new Set(ignore), bytes: 0 }
  if ('module' in target) {
    const [file = ''] = target.module.split('#')
    const module = path.resolve(folder, file)
    await add(walk, { at: module, name: path.basename(module), needed: true, key: 'target.module' })
    await addFolder(walk, { at: path.dirname(module), name: '' })
  } else {
    for (const file of target.files ?? []) {
      await add(walk, {
        at: path.resolve(folder, file),
        name: shownName(file),
        needed: true,
        key: 'target.files',
      })
    }
    const words = 'command' in target ? target.command : (target.start ?? [])
    for (const word of words.filter((one) => !isInstalled(one))) {
      await add(walk, { at: path.resolve(folder, word), name: shownName(word), needed: false })
    }
  }
  return walk.found.size === 0 ? undefined : hashOf(Object.fromEntries(walk.found))
}

/** An absolute path says where this machine keeps a file, and not which file it is. */
function shownName(written: string): string {
  const name = path.isAbsolute(written) ? path.basename(written) : path.normalize(written)
  return name.split(path.sep).join('/')
}

/** What a package manager put there is no code of the agent, and differs from machine to machine. */
function isInstalled(word: string): boolean {
  return word.split(/[/\\]/).some((part) => part === 'node_modules' || /^\.[^.]/.test(part))
}

interface Entry {
  readonly at: string
  readonly name: string
}

async function add(
  walk: Walk,
  entry: Entry & { readonly needed: boolean; readonly key?: string },
): Promise<void> {
  const { at, name, needed } = entry
  try {
    const stats = await lstat(at)
    if (stats.isDirectory()) {
      if (needed) await addFolder(walk, entry)
    } else if (stats.isSymbolicLink()) {
      if (needed) walk.found.set(name, `link to ${await readlink(at)}`)
    } else if (stats.isFile()) await addFile(walk, entry, stats.size)
  } catch (error) {
    if (!isMissing(error)) throw error
    if (needed) throw noSuchFile(entry)
  }
}

/** One that went away while the folder was read stands under no key. */
function noSuchFile({ key, name }: Entry & { readonly key?: string }): AgentEvalError {
  const what = key === undefined ? 'there is no such file' : `${key}: there is no such file`
  return new AgentEvalError(what, 'input', {
    source: { file: name },
    hint: `paths of ${key ?? 'a target'} are relative to the folder of the candidate file`,
  })
}

async function addFolder(walk: Walk, { at, name }: Entry): Promise<void> {
  const entries = await readdir(at, { withFileTypes: true })
  for (const entry of entries) {
    const inside = path.join(at, entry.name)
    if (walk.ignore.has(inside) || isNoCode(entry)) continue
    const shown = name === '' ? entry.name : `${name}/${entry.name}`
    await add(walk, { at: inside, name: shown, needed: true })
  }
}

function isNoCode(entry: { readonly name: string; isDirectory: () => boolean }): boolean {
  // `__pycache__` is written when the agent runs; packages may stand behind a link to anywhere.
  if (['node_modules', '__pycache__'].includes(entry.name)) return true
  return entry.isDirectory() && entry.name.startsWith('.')
}

async function addFile(walk: Walk, { at, name }: Entry, size: number): Promise<void> {
  const { found } = walk
  walk.bytes += size
  if (walk.bytes > mostBytes || found.size >= mostFiles) {
    throw new AgentEvalError(
      `the agent's folder holds more than ${mostFiles} files or ${mostBytes / 1024 / 1024} MB`,
      'input',
      {
        source: { file: name },
        hint: 'put the agent into a folder of its own, beside its candidate file',
      },
    )
  }
  found.set(name, hash('sha256', await readFile(at), 'hex'))
}
