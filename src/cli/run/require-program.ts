import { access, constants } from 'node:fs/promises'
import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import { requireAddress } from '../../replay/targets/require-address.ts'
import type { TargetSettings } from '../../schema/candidate.ts'
import type { Io } from '../io.ts'

/**
 * Finds out before a run whether the program of a target can be started at all, and whether its address
 * is one.
 *
 * @param place.folder - absolute folder of the candidate file, in which the program is started
 * @throws AgentEvalError (usage) where there is no such program, it may not be run, or its script is missing
 */
export async function requireProgram(
  target: TargetSettings,
  place: { readonly folder: string; readonly env: Io['env'] },
): Promise<void> {
  if ('http' in target) requireAddress(target)
  const [program, ...args] = commandOf(target)
  if (program === undefined) return
  if (!(await canRunOne(candidatesFor(program, target, place)))) throw cannotStart(program)
  for (const script of scriptsAmong(program, args)) await requireScript(script, place.folder)
}

function cannotStart(program: string): AgentEvalError {
  return new AgentEvalError(`the agent's program "${program}" cannot be started`, 'usage', {
    hint: /[/\\]/.test(program)
      ? 'is it there, beside the candidate file, and may it be executed?'
      : 'is it installed, and in the PATH?',
  })
}

function commandOf(target: TargetSettings): readonly string[] {
  if ('command' in target) return target.command
  return 'http' in target ? (target.start ?? []) : []
}

/** A relative path, and nothing that an interpreter, a shell or we would still have to make one of. */
const scriptPath = /^(?![-/\\])[^\s:=$*?@|;&<>()'"`]+\.(?:py|[cm]?js|ts|sh|rb|pl|php)$/
/** What follows these is the name of a module, which may lie in a package. */
const modulePrefix = /^(?:-r|-m|--require|--import|--loader|--experimental-loader|--preload)$/
/** Behind these, paths count from another folder. */
const otherFolder = /^(?:-C|--(?:directory|cwd|chdir|project|prefix|dir))(?:=|$)/
/** These start a program where other files are. */
const elsewhere = /^(?:docker|docker-compose|podman|nerdctl|kubectl|ssh|wsl)(?:\.exe)?$/

/** Arguments that can be nothing but scripts beside the candidate; of others nothing is guessed. */
function scriptsAmong(program: string, args: readonly string[]): readonly string[] {
  if (elsewhere.test(path.basename(program)) || args.some((one) => otherFolder.test(one))) return []
  return args.filter((one, index) => {
    if (!scriptPath.test(one)) return false
    return /^\.\.?[/\\]/.test(one) || !modulePrefix.test(args[index - 1] ?? '')
  })
}

async function requireScript(script: string, folder: string): Promise<void> {
  try {
    await access(path.resolve(folder, script))
  } catch {
    throw new AgentEvalError(`the agent's script "${script}" is not there`, 'usage', {
      hint: "paths in target are relative to the candidate's folder",
    })
  }
}

function candidatesFor(
  program: string,
  { env: own }: TargetSettings,
  { env, folder }: { readonly folder: string; readonly env: Io['env'] },
): readonly string[] {
  if (/[/\\]/.test(program)) return [path.resolve(folder, program)]
  const folders = (own?.['PATH'] ?? env['PATH'] ?? '').split(path.delimiter)
  const endings = ['', ...(env['PATHEXT'] ?? '').split(';').filter((one) => one !== '')]
  return folders.flatMap((one) =>
    endings.map((ending) => path.resolve(folder, one, program + ending)),
  )
}

async function canRunOne(files: readonly string[]): Promise<boolean> {
  for (const file of files) if (await canRun(file)) return true
  return false
}

async function canRun(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
