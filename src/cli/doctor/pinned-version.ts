/** The version of a package that a lockfile pins, by the lockfile's name. */
const readers: Readonly<Record<string, (text: string, name: string) => string | undefined>> = {
  'package-lock.json': inNpm,
  'npm-shrinkwrap.json': inNpm,
  'pnpm-lock.yaml': inPlainText,
  'bun.lock': inPlainText,
  'yarn.lock': inYarn,
}

/** Names of the lockfiles that can be read. */
export const lockfiles: readonly string[] = Object.keys(readers)

/**
 * The version of a package that a project's lockfile pins.
 *
 * @param file - name of the lockfile, without folder
 * @returns `undefined` where it pins none, or cannot be read
 */
export function pinnedVersion(file: string, text: string, name: string): string | undefined {
  return readers[file]?.(text, name)
}

function inNpm(text: string, name: string): string | undefined {
  let lock: { readonly packages?: unknown; readonly dependencies?: unknown } | null
  try {
    lock = JSON.parse(text) as typeof lock
  } catch {
    return undefined
  }
  // `packages` since version 2 of the format, `dependencies` before.
  const entry =
    memberOf(lock?.packages, `node_modules/${name}`) ?? memberOf(lock?.dependencies, name)
  const version = memberOf(entry, 'version')
  return typeof version === 'string' ? version : undefined
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return (value as Readonly<Record<string, unknown>>)[key]
}

/** `agent-eval@1.2.3`, at the start of a key or of a text. */
function inPlainText(text: string, name: string): string | undefined {
  for (const after of afterEach(text, `${name}@`)) {
    const [version] = /^\d+\.\d+\.\d+[\w.-]*/.exec(after) ?? []
    if (version !== undefined) return version
  }
  return undefined
}

/** `agent-eval@^1.0.0:`, and on the next line `version "1.2.3"` or `version: 1.2.3`. */
function inYarn(text: string, name: string): string | undefined {
  for (const after of afterEach(text, `${name}@`)) {
    const [, next = ''] = after.split('\n', 2)
    const [, version] = /^ {1,8}version:? "?(\d+\.\d+\.\d+[\w.-]*)/.exec(next) ?? []
    if (version !== undefined) return version
  }
  return undefined
}

/** Longest line of a lockfile that names a package, and the line below it. */
const mostChars = 600

/** What follows each place at which a word begins. */
function* afterEach(text: string, word: string): Generator<string> {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const isStart = at === 0 || /[\s"'/]/.test(text[at - 1] ?? '')
    if (isStart) yield text.slice(at + word.length, at + word.length + mostChars)
  }
}
