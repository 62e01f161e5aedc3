import { truncate } from '../../text/truncate.ts'

const shownCause = 300
const shownRest = 300

/** Lines of a stack of JavaScript; those of Python tell what was tried. */
const frame = /^at .*[:)\d{]$/
/** Node's last words, which say nothing of the cause. */
const nodeVersion = /^Node\.js v\d/
const namedError = /^(?:Uncaught )?[\w.]*(?:Error|Exception)\b/

/**
 * What a program wrote to stderr before it fell, in one line: the cause first, so that whoever shows
 * less of it still shows that, then what stands around it. The last line is always in it.
 */
export function errorExcerpt(errors: string): string {
  const lines = errors
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !frame.test(line))
  const at = causeAt(lines)
  const cause = lines[at]
  if (cause === undefined) return ''
  const rest = lines.filter((_, index) => index !== at).join(' | ')
  const shown = rest.length > shownRest ? `…${rest.slice(-shownRest)}` : rest
  return `${truncate(cause, shownCause)}${shown === '' ? '' : ` (${shown})`}`
}

/** The last line, as of nearly every program; Node tells its version, and fields of the error, after it. */
function causeAt(lines: readonly string[]): number {
  const last = lines.length - 1
  if (!nodeVersion.test(lines[last] ?? '')) return last
  const named = lines.findLastIndex((line) => namedError.test(line))
  return named === -1 ? Math.max(0, last - 1) : named
}
