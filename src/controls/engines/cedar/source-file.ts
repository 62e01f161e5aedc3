import type { DetailedError } from '@cedar-policy/cedar-wasm/nodejs'
import type { EnginePorts, EngineProblem } from '../../engine-ports.ts'

/** A file of a policy, and the key of the settings that names it. */
export interface SourceFile {
  readonly path: string
  readonly key: EngineProblem['path']
  readonly text: string
}

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly EngineProblem[] }

/** Reads a file as text. A file that is not there, or is not UTF-8, is a problem of the key. */
export async function readSource(
  ports: EnginePorts,
  path: string,
  key: EngineProblem['path'],
): Promise<Read<SourceFile>> {
  const bytes = await ports.readBytes(path)
  if (bytes === undefined) return refuse({ path: key, message: `there is no file ${path}` })
  try {
    return {
      ok: true,
      value: { path, key, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) },
    }
  } catch {
    return refuse({ path: key, message: `${path} is not a text in UTF-8` })
  }
}

export function refuse(problem: EngineProblem): { ok: false; problems: readonly EngineProblem[] } {
  return { ok: false, problems: [problem] }
}

/** Where an index of a file's text is, for people: `refund.cedar:12:7`, both counted from 1. */
export function placeIn(file: SourceFile, index: number): string {
  const lines = file.text.slice(0, index).split(/\r\n|\n|\r/)
  return `${file.path}:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`
}

/** A part of a file that Cedar was given by itself. */
export interface Excerpt {
  readonly text: string
  /** Where it begins in the file's text. */
  readonly index: number
}

/**
 * Cedar's errors with their places and its own advice, in the order of the file.
 *
 * Cedar counts bytes of UTF-8 from the start of what it was given; editors count characters of lines.
 */
export function problemsAt(
  file: SourceFile,
  excerpt: Excerpt,
  errors: readonly DetailedError[],
): readonly EngineProblem[] {
  const bytes = new TextEncoder().encode(excerpt.text)
  const indexOf = ({ sourceLocations }: DetailedError): number => {
    const before = bytes.subarray(0, sourceLocations?.[0]?.start ?? 0)
    return excerpt.index + new TextDecoder().decode(before).length
  }
  return errors
    .flatMap((error) => [error, ...(error.related ?? [])])
    .map((error) => ({ error, index: indexOf(error) }))
    .sort((a, b) => a.index - b.index)
    .map(({ error, index }) => ({
      path: file.key,
      message: `${placeIn(file, index)}: ${wordsOf(error)}`,
      ...(error.help !== null && { hint: error.help }),
    }))
}

/** Cedar's errors about a file in which it names no places. */
export function problemsOf(
  file: SourceFile,
  errors: readonly DetailedError[],
): readonly EngineProblem[] {
  return errors.map((error) => ({
    path: file.key,
    message: `${file.path}: ${wordsOf(error)}`,
    ...(error.help !== null && { hint: error.help }),
  }))
}

function wordsOf({ message, sourceLocations }: DetailedError): string {
  const label = sourceLocations?.[0]?.label
  return typeof label === 'string' ? `${message}; ${label}` : message
}
