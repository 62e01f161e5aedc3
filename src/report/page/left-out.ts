import type { PageTrial } from '../../schema/page-data.ts'
import { shellWord } from '../../text/shell-word.ts'
import { plural, whole } from '../format.ts'
import type { ReportContext } from '../reporter.ts'

/** Which trials cannot be read on the page, and where they can; empty where all can. */
export function leftOutWords(
  trials: readonly PageTrial[],
  { commandPrefix, runPath }: Pick<ReportContext, 'commandPrefix' | 'runPath'>,
): string {
  if (trials.length === 0) return 'made of a result alone: no trial stands on this page'
  const missing = trials.filter(({ hasTrace }) => !hasTrace).length
  if (missing === 0) return ''
  const many = `${whole(missing)} of ${plural(trials.length, 'trial')} cannot be read on this page`
  if (runPath === undefined) return many
  const run = shellWord(runPath)
  return `${many}; read them with: ${commandPrefix} view ${run}, or one with: ${commandPrefix} show ${run}/CASE#N`
}
