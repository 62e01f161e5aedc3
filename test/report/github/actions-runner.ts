/** What a runner makes of a line that it obeys. */
export interface RunnerCommand {
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly data: string
}

/** All that GitHub's runner knows. */
const registered: ReadonlySet<string> = new Set([
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
])

/**
 * The commands that GitHub's runner would find in what a step prints: `::name key=value::data` at the
 * start of a line, and `##[name key=value]data` anywhere in it.
 *
 * @see actions/runner, src/Runner.Common/ActionCommand.cs
 */
export function commandsIn(log: string): readonly RunnerCommand[] {
  return log.split(/\r\n?|\n/).flatMap((line) => newForm(line) ?? oldForm(line) ?? [])
}

function newForm(line: string): RunnerCommand | undefined {
  const message = line.replace(/^[\s\u0085]+/u, '')
  if (!message.startsWith('::')) return undefined
  const end = message.indexOf('::', 2)
  if (end === -1) return undefined
  return commandOf(message.slice(2, end), {
    data: message.slice(end + 2),
    separator: ',',
    tokens: { '%0D': '\r', '%0A': '\n', '%3A': ':', '%2C': ',' },
  })
}

function oldForm(line: string): RunnerCommand | undefined {
  const start = line.indexOf('##[')
  const end = line.indexOf(']', start)
  if (start === -1 || end === -1) return undefined
  return commandOf(line.slice(start + 3, end), {
    data: line.slice(end + 1),
    separator: ';',
    tokens: { '%3B': ';', '%0D': '\r', '%0A': '\n', '%5D': ']' },
  })
}

interface Rest {
  readonly data: string
  readonly separator: string
  readonly tokens: Readonly<Record<string, string>>
}

function commandOf(info: string, { data, separator, tokens }: Rest): RunnerCommand | undefined {
  const [name = '', ...rest] = info.split(' ')
  if (!registered.has(name)) return undefined
  const properties = rest
    .join(' ')
    .trim()
    .split(separator)
    .flatMap((pair) => {
      const at = pair.indexOf('=')
      const value = pair.slice(at + 1)
      return at < 1 || value === '' ? [] : [[pair.slice(0, at), unescaped(value, tokens)] as const]
    })
  return { name, properties: Object.fromEntries(properties), data: unescaped(data, inData) }
}

const inData = { '%0D': '\r', '%0A': '\n' }

/** Percent signs last, as the runner does it. */
function unescaped(text: string, tokens: Readonly<Record<string, string>>): string {
  const known = Object.entries(tokens)
  return known.reduce((all, [from, to]) => all.replaceAll(from, to), text).replaceAll('%25', '%')
}
