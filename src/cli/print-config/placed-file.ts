import type { JsonValue } from '../../schema/json.ts'
import type { Path } from '../../suites/problem.ts'
import { readSource } from '../../suites/source.ts'

/** A file as it was written, before any default was filled in. */
export interface PlacedFile {
  /** As messages call it. */
  readonly file: string
  readonly value: JsonValue
  /** Whether the file itself says something at this path. */
  readonly says: (path: Path) => boolean
  /** The line on which it says so, from 1. */
  readonly lineOf: (path: Path) => number
}

/** A file that says nothing, such as one that is not there. */
export function emptyFile(file: string): PlacedFile {
  return { file, value: {}, says: () => false, lineOf: () => 1 }
}

/** Reads a file that was read without problems before, for the lines of its values. */
export function placeFile(text: string, file: string): PlacedFile {
  const read = readSource({ text, file })
  if (!read.ok) return emptyFile(file)
  const { lineOf, value } = read.value
  return {
    file,
    value,
    says: (path) => valueAt(value, path) !== undefined,
    lineOf: (path) => lineOf(path, 'key'),
  }
}

/** What stands at a path; `undefined` where nothing does. */
export function valueAt(value: JsonValue, path: Path): JsonValue | undefined {
  let current: unknown = value
  for (const step of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) {
      return undefined
    }
    current = (current as Readonly<Record<string | number, unknown>>)[step]
  }
  return current as JsonValue
}
