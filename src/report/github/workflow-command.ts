import { sanitiseCiLog } from '../../text/sanitise-ci-log.ts'
import { terminalBlock } from '../../text/sanitise-terminal.ts'
import { truncate } from '../../text/truncate.ts'

/** GitHub cuts a message at 4,096 characters; nobody reads as many. In code points. */
const longestMessage = 1_000
const longestTitle = 120

/** A remark at a line of a file, as GitHub shows it on the page of a run and in the changed files. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  readonly title: string
  /** May have several lines. */
  readonly message: string
  readonly place?: AnnotatedPlace | undefined
}

export interface AnnotatedPlace {
  /** From the root of the repository. */
  readonly file: string
  readonly line?: number | undefined
  readonly column?: number | undefined
}

/**
 * An annotation as one line that GitHub's runner obeys, without a newline at its end.
 *
 * Title, message and file may hold foreign text. It is cleaned first and escaped then: the runner writes the
 * message into its log again, where `##[group]` would be obeyed a second time.
 *
 * @see actions/runner, src/Runner.Common/ActionCommand.cs
 */
export function workflowCommand({ level, message, place, title }: Annotation): string {
  const properties = [
    ['file', place === undefined ? undefined : inLine(place.file, longestMessage)],
    ['line', place?.line],
    ['col', place?.column],
    ['title', inLine(title, longestTitle)],
  ] as const
  const written = properties.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`${name}=${escapeProperty(String(value))}`],
  )
  return `::${level} ${written.join(',')}::${escapeData(cleaned(message, longestMessage))}`
}

function inLine(text: string, maxLength: number): string {
  return cleaned(text, maxLength).replaceAll('\n', ' ')
}

function cleaned(text: string, maxLength: number): string {
  return truncate(sanitiseCiLog(terminalBlock(text)), maxLength)
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

/** A colon would end the properties, a comma one of them. */
function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
