import { AgentEvalError } from '../errors.ts'
import type { Folder } from '../ports.ts'
import { quote } from './describe.ts'
import { innerPath } from './inner-path.ts'
import type { Checked, Problem } from './problem.ts'

/** How messages call a file of a folder. */
export function fileName(folder: Folder, path: string): string {
  return folder.name === '' || folder.name === '.' ? path : `${folder.name}/${path}`
}

/** A file's text, `undefined` where there is no file; or why the folder would not give it. */
export function readText(folder: Folder, path: string): Promise<Checked<string | undefined>> {
  return asked(folder, path, () => folder.read(path))
}

/** The files below a path; or why the folder would not list them. */
export async function listFiles(folder: Folder, path: string): Promise<Checked<readonly string[]>> {
  const listed = await asked(folder, path, () => folder.list(path))
  const outside = listed.ok ? listed.value.find((file) => innerPath(file) === undefined) : undefined
  if (outside === undefined) return listed
  return { ok: false, problems: [fileProblem(fileName(folder, path), leadsOut(outside))] }
}

/** A problem of a file as a whole. */
export function fileProblem(file: string, message: string, hint?: string): Problem {
  return { file, path: '', message, ...(hint !== undefined && { hint }) }
}

export function leadsOut(path: string): string {
  return `${quote(path)} leads out of the eval set's folder`
}

async function asked<T>(folder: Folder, path: string, ask: () => Promise<T>): Promise<Checked<T>> {
  try {
    return { ok: true, value: await ask() }
  } catch (error) {
    if (!(error instanceof AgentEvalError)) throw error
    return { ok: false, problems: [fileProblem(fileName(folder, path), error.message, error.hint)] }
  }
}
