import type { CaseResult } from '../../schema/run-result.ts'
import { plural } from '../format.ts'
import { sayInTerminal as say } from '../say.ts'
import { wrapped } from './columns.ts'

const indent = '        '

type Place = Pick<CaseResult, 'file' | 'line'>

/** `cases/refund.yaml:61`, on a line of its own: to be opened with a click, so never broken. */
export function placeLine({ file, line }: Place): string {
  return `${indent}${say(file ?? '')}${line === undefined ? '' : `:${line}`}`
}

/**
 * The names of cases that share a line of figures, below the files that they stand in, as ripgrep writes
 * what it finds: `61:refund.over-limit`. What is more than `most` is counted.
 *
 * @param ids - worst first: what is left out is what comes last
 */
export function placesOf(
  ids: readonly string[],
  cases: readonly CaseResult[],
  most: number,
): readonly string[] {
  const known = new Map(cases.map((one) => [one.id, one]))
  const files = new Map<string | undefined, { id: string; line: number | undefined }[]>()
  for (const id of ids.slice(0, most)) {
    const { file, line } = known.get(id) ?? {}
    files.set(file, [...(files.get(file) ?? []), { id, line }])
  }
  const rest = ids.length - most
  return [
    ...[...files].flatMap(([file, found]) => {
      const names = found
        .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0))
        .map(({ id, line }) => (line === undefined ? say(id) : `${line}:${say(id)}`))
      const head = file === undefined ? [] : [placeLine({ file })]
      return [...head, ...wrapped(names.join(', '), `${indent}  `)]
    }),
    ...(rest > 0 ? [`${indent}  and ${plural(rest, 'more case')}`] : []),
  ]
}
