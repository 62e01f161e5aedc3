import { type Finding, inOrder } from '../../../src/controls/sensitive/finding.ts'

/** The kinds of findings, each once, in the order of reports. */
export function kindsIn(findings: readonly Finding[]): readonly string[] {
  return inOrder(new Set(findings.map(({ kind }) => kind)))
}

/** What is found, as it stands in the text. */
export function wordsOf(text: string, findings: readonly Finding[]): readonly string[] {
  return findings.map(({ start, end }) => text.slice(start, end))
}
