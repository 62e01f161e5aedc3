import { json } from './json.ts'
import { markdown } from './markdown.ts'
import type { Reporter } from './reporter.ts'
import { terminal } from './terminal.ts'

/** Every format a result can be rendered in, by id. */
export const reporters: ReadonlyMap<string, Reporter> = new Map(
  [terminal, markdown, json].map((reporter) => [reporter.id, reporter]),
)
