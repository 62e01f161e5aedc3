import { github } from './github/github.ts'
import { html } from './html.ts'
import { json } from './json.ts'
import { junit } from './junit/junit.ts'
import { markdown } from './markdown/markdown.ts'
import type { Reporter } from './reporter.ts'
import { sarif } from './sarif/sarif.ts'
import { terminal } from './terminal/terminal.ts'

/** Every format a result can be rendered in, by id. */
export const reporters: ReadonlyMap<string, Reporter> = new Map(
  [terminal, markdown, html, json, github, junit, sarif].map((reporter) => [reporter.id, reporter]),
)
