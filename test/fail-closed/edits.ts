import { type TrialLine, trialLine } from '../../src/schema/trial.ts'

/** Rewrites every line of a `trials.jsonl`; `undefined` takes it out. */
export function eachTrial(
  rewrite: (line: TrialLine, index: number) => TrialLine | undefined,
): (text: string) => string {
  return (text) =>
    text
      .trimEnd()
      .split('\n')
      .map((line, index) => rewrite(trialLine.parse(JSON.parse(line)), index))
      .flatMap((line) => (line === undefined ? [] : [`${JSON.stringify(line)}\n`]))
      .join('')
}

/** Rewrites a JSON document as somebody with an editor would, past all types. */
export function document(
  rewrite: (value: Record<string, unknown>) => unknown,
): (text: string) => string {
  return (text) => JSON.stringify(rewrite(JSON.parse(text) as Record<string, unknown>))
}

/** Replaces the first occurrence; a text that is not there is a mistake of the test. */
export function put(before: string, after: string): (text: string) => string {
  return (text) => {
    if (!text.includes(before)) throw new Error(`nothing reads ${before}`)
    return text.replace(before, () => after)
  }
}
