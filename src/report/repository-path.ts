import { terminalLine } from '../text/sanitise-terminal.ts'

/** Longer is no path that anybody has. */
const longestPath = 1_000

/**
 * A file of a document as its repository knows it, with `/` between the parts: `../sets/a.yaml` of the
 * folder `packages/bot/` is `packages/sets/a.yaml`.
 *
 * @param folder - what the file is relative to: empty for the root, else ends in `/`
 * @returns `undefined` for what names no place in the repository: absolute, outside of it, or no path
 */
export function repositoryPath(file: string, folder = ''): string | undefined {
  const whole = terminalLine(`${folder}${file}`).replaceAll('\\', '/')
  if (/^(?:[\\/]|[A-Za-z]:)/.test(file) || whole.length > longestPath) return undefined
  const parts: string[] = []
  for (const part of whole.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return undefined
  }
  return parts.length === 0 ? undefined : parts.join('/')
}
