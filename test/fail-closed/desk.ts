import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { type CliOptions, folderWith, runCli } from '../cli/run-cli.ts'
import { smallProject } from '../cli/small-set.ts'
import type { Ended } from './situation.ts'

/** A project in which something is not as it was. */
interface Changes {
  /** Written, by path. */
  readonly files?: Readonly<Record<string, string>>
  /** Taken away. */
  readonly without?: readonly string[]
  /** Rewritten, by path. */
  readonly edit?: Readonly<Record<string, (text: string) => string>>
  /** What the eval set says besides, in YAML. */
  readonly gate?: string
}

/**
 * A project of four cases with a committed baseline and three runs of sixty trials of each, enough for a
 * pass of agents that always do the same: `runs/good` is what the baseline is made of, `runs/again`
 * another run of the same agent, `runs/mute` one of an agent that never answers.
 */
export interface Desk {
  /** The command line in a copy of the project, with these changes made. */
  readonly run: (
    argv: readonly string[],
    changes?: Changes,
    options?: Omit<CliOptions, 'cwd'>,
  ) => Promise<Ended>
  /** Only the copy, for whoever runs more than one command line in it. */
  readonly copy: (changes?: Changes) => string
  /** Changes it once more. */
  readonly change: (cwd: string, changes: Changes) => void
  /** The only run below a folder of it. */
  readonly only: (cwd: string, output: string) => string
}

export async function setDesk(): Promise<Desk> {
  const original = folderWith(smallProject)
  for (const [name, argv] of recorded) {
    await runCli(['run', '--no-gate', '-q', '-n', '60', '-o', 'runs', ...argv], { cwd: original })
    renameSync(path.join(original, only(original, 'runs')), path.join(original, 'runs', name))
  }
  await runCli(['baseline', 'update', '--from', 'runs/good'], { cwd: original })
  const copy = (changes: Changes = {}): string => {
    const cwd = folderWith()
    cpSync(original, cwd, { recursive: true })
    change(cwd, changes)
    return cwd
  }
  return {
    copy,
    change,
    only,
    run: async (argv, changes, options) => runCli(argv, { ...options, cwd: copy(changes) }),
  }
}

const recorded: readonly (readonly [name: string, argv: readonly string[]])[] = [
  ['good', []],
  ['again', ['--seed', '2']],
  ['mute', ['--candidate', 'set/agents/mute.yaml']],
]

function only(cwd: string, output: string): string {
  const made = readdirSync(path.join(cwd, output)).filter((run) => run.startsWith('small-'))
  if (made.length !== 1) throw new Error(`${made.length} runs in ${output}`)
  return `${output}/${made[0] ?? ''}`
}

function change(cwd: string, { edit = {}, files = {}, gate, without = [] }: Changes): void {
  const edits = {
    ...edit,
    ...(gate !== undefined && { 'set/evalset.yaml': (text: string) => `${text}gate: ${gate}\n` }),
  }
  for (const [name, text] of Object.entries(files)) write(path.join(cwd, name), text)
  for (const [name, rewrite] of Object.entries(edits)) {
    const file = path.join(cwd, name)
    write(file, rewrite(readFileSync(file, 'utf8')))
  }
  for (const name of without) rmSync(path.join(cwd, name), { recursive: true })
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text)
}
