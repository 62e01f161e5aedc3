import type { JsonValue } from '../schema/json.ts'
import { limits } from './limits.ts'
import { locate, type YamlTree } from './locate.ts'
import { control, readPlainJson } from './plain-json.ts'
import type { Checked, Finding, Path, Problem } from './problem.ts'
import { type Reporter, reporterOf, type SourceText } from './reporter.ts'
import { type Fault, readYamlSyntax } from './yaml-syntax.ts'
import { readYamlValue } from './yaml-value.ts'

/** A document that was read, and the way back from its values to their lines. */
export interface Source {
  readonly file: string
  readonly value: JsonValue
  readonly problem: (finding: Finding) => Problem
  /** The line at which a value starts, or its key, from 1. */
  readonly lineOf: (path: Path, at?: 'key') => number
}

/**
 * Reads YAML or JSON text to a JSON value, or says all that is wrong with it.
 *
 * JSON takes a fast path: its positions are computed only when somebody asks for them. Being read
 * as YAML when it is not valid JSON, a `.json` file may have comments and trailing commas.
 */
export function readSource(input: SourceText): Checked<Source> {
  const text = input.text.startsWith('\ufeff') ? input.text.slice(1) : input.text
  const reporter = reporterOf({ ...input, text })
  const { report } = reporter
  const refused = refuse(text)
  if (refused !== undefined) return { ok: false, problems: [report(refused, [])] }

  const json = readPlainJson(text)
  if (json !== undefined) {
    const start = text.search(/\S/)
    return {
      ok: true,
      value: sourceOf(input.file, json, { reporter, start, tree: once(() => readTree(text)) }),
    }
  }
  const tree = readTree(text)
  if (!tree.ok) return { ok: false, problems: tree.faults.map((fault) => report(fault, [])) }
  if (tree.root === null) {
    return { ok: false, problems: [report({ message: 'the file is empty' }, [])] }
  }
  return { ok: true, value: sourceOf(input.file, tree.value, { reporter, tree: () => tree }) }
}

function refuse(text: string): Fault | undefined {
  if (text.length > limits.characters) {
    const message = `too large: ${text.length} characters, at most ${limits.characters}`
    return { offset: 0, message, hint: 'split the file' }
  }
  const found = control.exec(text)
  if (found === null) return undefined
  const code = found[0].charCodeAt(0).toString(16).padStart(4, '0')
  const hint = `write it in double quotes as "\\u${code}"`
  return { offset: found.index, message: `control character U+${code.toUpperCase()}`, hint }
}

type Tree =
  | ({ readonly ok: true; readonly value: JsonValue } & YamlTree)
  | { readonly ok: false; readonly faults: readonly Fault[] }

function readTree(text: string): Tree {
  const syntax = readYamlSyntax(text)
  if (!syntax.ok) return syntax
  const { value, targets, faults } = readYamlValue(syntax.root)
  if (faults.length > 0) return { ok: false, faults }
  return { ok: true, value, text, root: syntax.root, targets }
}

function sourceOf(
  file: string,
  value: JsonValue,
  known: { readonly reporter: Reporter; readonly start?: number; readonly tree: () => Tree },
): Source {
  const { reporter } = known
  const offsetOf = (finding: Finding): number | undefined => {
    if (finding.path.length === 0 && known.start !== undefined) return known.start
    const tree = known.tree()
    // JSON beyond what YAML may have here, such as a million words: problems without positions.
    return tree.ok ? locate(tree, finding) : undefined
  }
  return {
    file,
    value,
    problem: (finding) => reporter.report({ ...finding, offset: offsetOf(finding) }, finding.path),
    lineOf: (path, at) =>
      reporter.lineOf(offsetOf({ path, message: '', ...(at !== undefined && { at }) }) ?? 0),
  }
}

function once<T>(compute: () => T): () => T {
  let computed: { readonly value: T } | undefined
  return () => (computed ??= { value: compute() }).value
}
