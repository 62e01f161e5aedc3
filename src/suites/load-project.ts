import { type ProjectConfig, projectConfig } from '../schema/project.ts'
import { parseDocument } from './parse-document.ts'
import type { Checked } from './problem.ts'

/** Reads `agent-eval.yaml`, with its defaults. */
export function parseProject(text: string, file: string): Checked<ProjectConfig> {
  const parsed = parseDocument({ text, file }, projectConfig)
  return parsed.ok ? { ok: true, value: parsed.value.value } : parsed
}
