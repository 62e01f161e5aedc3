import type { CaseResult } from '../../schema/run-result.ts'
import { breakReferences } from '../../text/break-references.ts'
import { addressPart, folderAddress } from '../../text/link-address.ts'
import { sanitiseHtml } from '../../text/sanitise-html.ts'
import { markdownCode } from '../../text/sanitise-markdown.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import { listed, plural } from '../format.ts'
import type { ReportContext } from '../reporter.ts'
import type { Say } from '../say.ts'

/** Longest id that is shown, in code points. */
const maxId = 80
const maxFile = 200

/** An id as code. */
export const sayId: Say = (id) => markdownCode(id, maxId)

/** The same inside a `<summary>`, where Markdown is not read. */
export function sayInSummary(id: string): string {
  return `<code>${sanitiseHtml(breakReferences(terminalLine(id, maxId)))}</code>`
}

/** Cases by id, and where their files can be read. */
export interface CaseLinks {
  readonly cases: ReadonlyMap<string, CaseResult>
  readonly context: Pick<ReportContext, 'caseFileUrl'>
}

export function caseLinks(
  cases: readonly CaseResult[],
  context: Pick<ReportContext, 'caseFileUrl'>,
): CaseLinks {
  return { cases: new Map(cases.map((one) => [one.id, one])), context }
}

/** The id, as a link to its line where that is known. */
export function linkedCase(id: string, { cases, context: { caseFileUrl } }: CaseLinks): string {
  const name = sayId(id)
  const one = cases.get(id)
  if (one?.file === undefined || one.file.length > maxFile) return name
  const folder = folderAddress(caseFileUrl)
  if (folder === undefined) return name
  const path = one.file
    .split(/[\\/]/)
    .map((part) => addressPart(terminalLine(part)))
    .join('/')
  const line = one.line === undefined ? '' : `#L${one.line}`
  return `[${name}](${folder}${path}${line})`
}

/** One id, or how many they are and the first of them: ``13 cases: `a`, `b` and 11 more``. */
export function linkedCases(ids: readonly string[], most: number, links: CaseLinks): string {
  const names = listed(
    ids.slice(0, most).map((id) => linkedCase(id, links)),
    most,
  )
  const rest = ids.length - most
  const more = rest > 0 ? ` and ${rest} more` : ''
  return ids.length === 1 ? names : `${plural(ids.length, 'case')}: ${names}${more}`
}
