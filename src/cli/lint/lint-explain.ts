import { AgentEvalError } from '../../errors.ts'
import { flowValue } from '../../report/flow-value.ts'
import { wrapped } from '../../report/terminal/columns.ts'
import { asJson } from '../../schema/json.ts'
import { explainCase } from '../../suites/explain-case.ts'
import type { ExplainedValue } from '../../suites/explained-value.ts'
import type { LoadedEvalSet } from '../../suites/load-evalset.ts'
import { prettyCanonicalJson } from '../../text/canonical-json.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'

/** A case with every value that it runs with, and where it stands. */
interface ExplainedCase {
  readonly id: string
  readonly file: string
  readonly line: number | undefined
  readonly values: readonly PlacedValue[]
}

interface PlacedValue extends ExplainedValue {
  /** The line on which the case says so. */
  readonly line?: number
}

/**
 * Every value that the named cases run with, each with where it comes from.
 *
 * @throws AgentEvalError (usage) for a case that none of the sets has
 */
export function explainCases(
  wanted: readonly string[],
  evalSets: readonly LoadedEvalSet[],
): readonly ExplainedCase[] {
  return wanted.map((id) => {
    const found = evalSets.find(({ written }) => written.has(id))
    if (found === undefined) throw unknownCase(id, evalSets)
    return explained(id, found)
  })
}

function explained(id: string, { cases, placeOf, written }: LoadedEvalSet): ExplainedCase {
  const own = written.get(id)
  const resolved = cases.find((one) => one.id === id)
  if (own === undefined || resolved === undefined) throw new Error(`no case ${id}`)
  const place = placeOf(id, [])
  const values = explainCase(own, resolved).map((value) => {
    if (value.from !== 'written') return value
    const line = placeOf(id, value.key.split('.'))?.line
    return line === undefined ? value : { ...value, line }
  })
  return { id, file: place?.file ?? '', line: place?.line, values }
}

function unknownCase(id: string, evalSets: readonly LoadedEvalSet[]): AgentEvalError {
  const known = evalSets.flatMap(({ written }) => [...written.keys()])
  const close = didYouMean(id, known)
  return new AgentEvalError(`unknown case "${id}"`, 'usage', {
    ...(close !== undefined && { hint: `did you mean "${close}"?` }),
  })
}

/** For people: the case as one would write it with nothing left out, and why each value holds. */
export function renderExplained(cases: readonly ExplainedCase[]): string {
  const blocks = cases.map(({ file, id, line, values }) => {
    const place = [file, line].filter((part) => part !== undefined).join(':')
    const lines = values.flatMap((value) => wrapped(terminalLine(lineOf(value)), '      ', '  '))
    return [terminalLine(`${id}  ${place}`), ...lines].join('\n')
  })
  return `${blocks.join('\n\n')}\n`
}

function lineOf({ from, key, line, value, why }: PlacedValue): string {
  const source = from === 'written' ? `line ${line ?? '?'}` : `${from}: ${why}`
  return `${key}: ${flowValue(value)} # ${source}`
}

/** For programs. */
export function explainedJson(cases: readonly ExplainedCase[]): string {
  return prettyCanonicalJson(cases.map(asJson))
}
