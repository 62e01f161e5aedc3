/** What GitHub's runner makes of a line of a log. */
export interface RunnerCommand {
  readonly form: '::' | '##['
  /** As it is written; the runner does not mind its case. */
  readonly name: string
  /** Of the line, counted from 0. */
  readonly at: number
}

/** All that the runner obeys: `ActionCommandManager` registers them without regard to case. */
const registered: ReadonlySet<string> = new Set(
  (
    'add-mask add-matcher add-path debug echo endgroup error group internal-set-repo-path ' +
    'notice remove-matcher save-state set-env set-output stop-commands warning'
  ).split(' '),
)

/** Other runners: Azure Pipelines, TeamCity, GitLab and Buildkite obey these anywhere in a line. */
const otherRunners =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: GitLab's marks begin with one
  /##(?:vso|teamcity)\[|\u001b\[0Ksection_(?:start|end):|^(?:---|\+\+\+|~~~) (?=\p{Emoji_Presentation})/iu

/**
 * Every command that a runner would find in a log, by both of GitHub's parsers. A line is asked twice:
 * compared by code unit, and as .NET compares by culture, where characters without ink do not count.
 *
 * @see actions/runner, src/Runner.Common/ActionCommand.cs and src/Runner.Worker/ActionCommandManager.cs
 */
export function commandsInLog(log: string): readonly RunnerCommand[] {
  return log.split(/\r\n|\r|\n/).flatMap((line, at) =>
    [exactly, byCulture].flatMap((indexOf): readonly RunnerCommand[] => {
      const found = secondForm(line, indexOf) ?? firstForm(line, indexOf)
      return found === undefined || (indexOf === byCulture && hasFound(line))
        ? []
        : [{ ...found, at }]
    }),
  )
}

export function otherCommandsInLog(log: string): readonly string[] {
  return log.split(/\r\n|\r|\n/).filter((line) => otherRunners.test(line))
}

function hasFound(line: string): boolean {
  return (secondForm(line, exactly) ?? firstForm(line, exactly)) !== undefined
}

type IndexOf = (line: string, key: string, from: number) => number

const exactly: IndexOf = (line, key, from) => line.indexOf(key, from)

/** Finds a key with ignorable characters in it, and gives where it begins; the runner then cuts by length. */
const byCulture: IndexOf = (line, key, from) => {
  const ignorable = '[\\u0000-\\u0008\\u000e-\\u001f\\u00ad\\u200b-\\u200f\\u2060\\ufeff]*'
  const spelt = Array.from(
    key,
    (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`,
  )
  const found = new RegExp(ignorable + spelt.join(ignorable), 'u').exec(line.slice(from))
  return found === null ? -1 : from + found.index
}

/** `::name key=value,key=value::data`, after white space. */
function secondForm(line: string, indexOf: IndexOf): Omit<RunnerCommand, 'at'> | undefined {
  // .NET trims U+0085 as well, and not U+FEFF.
  const message = line.replace(
    /^[\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/,
    '',
  )
  if (indexOf(message, '::', 0) !== 0) return undefined
  const end = indexOf(message, '::', 2)
  return end === -1 ? undefined : named('::', message.slice(2, end))
}

/** `##[name key=value;key=value]data`, anywhere. */
function firstForm(line: string, indexOf: IndexOf): Omit<RunnerCommand, 'at'> | undefined {
  const start = indexOf(line, '##[', 0)
  const end = start === -1 ? -1 : line.indexOf(']', start)
  return end === -1 ? undefined : named('##[', line.slice(start + 3, end))
}

function named(form: RunnerCommand['form'], info: string): Omit<RunnerCommand, 'at'> | undefined {
  const [name = ''] = info.split(' ')
  return registered.has(name.toLowerCase()) ? { form, name } : undefined
}

/**
 * The values of a file for GITHUB_OUTPUT, in their order.
 *
 * @throws Error where the runner fails the step
 * @see actions/runner, src/Runner.Worker/FileCommandManager.cs, EnvFileKeyValuePairs
 */
export function stepValues(file: string): readonly (readonly [name: string, value: string])[] {
  const lines = file.split(/\r\n|\n/)
  const values: [string, string][] = []
  while (lines.length > 0) {
    const line = lines.shift() ?? ''
    if (line === '') continue
    const [equals, heredoc] = [line.indexOf('='), line.indexOf('<<')]
    if (heredoc >= 0 && (equals < 0 || heredoc < equals)) {
      const delimiter = line.slice(heredoc + 2)
      const end = lines.indexOf(delimiter)
      if (delimiter === '' || end === -1) throw new Error(`matching delimiter not found: ${line}`)
      values.push([
        line.slice(0, heredoc),
        lines
          .splice(0, end + 1)
          .slice(0, -1)
          .join('\n'),
      ])
    } else if (equals > 0) values.push([line.slice(0, equals), line.slice(equals + 1)])
    else throw new Error(`invalid format: ${line}`)
  }
  return values
}
