import type { EffectiveValue, ValueSource } from '../../schema/effective-config.ts'
import { asJson, type JsonValue } from '../../schema/json.ts'
import type { Path } from '../../suites/problem.ts'
import { canonicalJson } from '../../text/canonical-json.ts'
import { type Leaf, leavesOf } from './leaves.ts'
import { type PlacedFile, valueAt } from './placed-file.ts'

/** A document as it holds, as this tree has it, and as its file says it. */
export interface HeldDocument {
  readonly held: object
  /** With every default. */
  readonly own: object
  readonly placed: PlacedFile
  /** Where it stands in the file. */
  readonly at?: Path
  /** What the base of a pull request is called; absent where there is none. */
  readonly base: string | undefined
  /** Keys, joined by dots, that are told as they are. */
  readonly whole?: ReadonlySet<string>
}

/** Every value of a document with who says it: the base where it overrules this tree, the file, or nobody. */
export function heldValues(document: HeldDocument): readonly EffectiveValue[] {
  return leavesOf(asJson(document.held), [], document.whole).map((leaf) => {
    return { key: leaf.path.join('.'), value: leaf.value, source: sourceOf(leaf, document) }
  })
}

function sourceOf(
  { path, value }: Leaf,
  { at = [], base, own, placed }: HeldDocument,
): ValueSource {
  if (base !== undefined && differs(valueAt(asJson(own), path), value)) {
    return { from: 'base', base }
  }
  return fileOrDefault(placed, [...at, ...path])
}

/** The line of the file that says so, or nobody. */
export function fileOrDefault(placed: PlacedFile, path: Path): ValueSource {
  if (!placed.says(path)) return { from: 'default' }
  return { from: 'file', file: placed.file, line: placed.lineOf(path) }
}

function differs(own: JsonValue | undefined, held: JsonValue): boolean {
  return own === undefined || canonicalJson(own) !== canonicalJson(held)
}
