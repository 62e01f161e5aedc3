import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

/** Runs of real models and agents that others published: beside the project, never copied into it. */
const folder = fileURLToPath(new URL('../../../shared/data/', import.meta.url))

export const isDataAbsent = !existsSync(folder)

/** A title for what is skipped where the data is absent, so that the report says why. */
export function needsData(title: string): string {
  return isDataAbsent ? `${title} (skipped: ../shared/data is not here)` : title
}

export function dataPath(file: string): string {
  return path.join(folder, file)
}

/** The text of a file; `.gz` is unpacked. */
export function readData(file: string): string {
  const bytes = readFileSync(dataPath(file))
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
}

export function readDataJson(file: string): unknown {
  return JSON.parse(readData(file))
}

/** One value a line. */
export function readDataLines(file: string): readonly unknown[] {
  const lines = readData(file).split('\n')
  return lines.flatMap((line): unknown[] => (line === '' ? [] : [JSON.parse(line)]))
}
