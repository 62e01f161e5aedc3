import type { CompletedCommand, CompletedOption, Wanted } from './command-tree.ts'

/** Completion for fish. It quotes what it inserts, so names are given as they are. */
export function fishScript(tree: readonly CompletedCommand[]): string {
  const places = tree.flatMap(({ words }) =>
    words.length === 0 ? [] : [fishQuoted(words.join(' '))],
  )
  return `# fish completion for agent-eval
# Whether an option of a command is followed by its value.
function __agent_eval_takes_value
    switch "$argv[1]|$argv[2]"
        case ${tree.flatMap(takingValue).join(' ')}
            return 0
    end
    return 1
end

# Whether the command that is being typed is this one.
function __agent_eval_at
    set -l place ''
    set -l pending no
    for word in (commandline -opc)[2..-1]
        if test $pending = yes
            set pending no
            continue
        end
        if string match -q -- '-*' $word
            __agent_eval_takes_value "$place" "$word"; and set pending yes
            continue
        end
        set -l next (string trim -- "$place $word")
        contains -- "$next" ${places.join(' ')}; and set place "$next"
    end
    test "$place" = "$argv[1]"
end

function __agent_eval_dynamic
    set -l typed (commandline -opc)
    set -l program (string replace -r '^~(?=/)' "$HOME" -- $typed[1])
    $program __complete $argv[1] -- $typed[2..-1] (commandline -ct) 2>/dev/null
end

complete -c agent-eval -f
${tree.flatMap((command) => commandLines(command, tree)).join('\n')}
`
}

/** A text in single quotes, where fish knows two escapes. */
export function fishQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

function takingValue({ options, words }: CompletedCommand): readonly string[] {
  return options.flatMap(({ flags, value }) =>
    value === undefined ? [] : flags.map((flag) => fishQuoted(`${words.join(' ')}|${flag}`)),
  )
}

function commandLines(
  { below, operand, options, words }: CompletedCommand,
  tree: readonly CompletedCommand[],
): readonly string[] {
  const place = words.join(' ')
  const at = `complete -c agent-eval -n ${fishQuoted(`__agent_eval_at "${place}"`)}`
  const names = below.map((name) => {
    const found = tree.find((one) => one.words.join(' ') === [...words, name].join(' '))
    return `${at} -a ${fishQuoted(name)} -d ${fishQuoted(found?.description ?? '')}`
  })
  const values = below.length === 0 ? offered(operand).map((offer) => `${at} ${offer}`) : []
  return [...names, ...values, ...options.map((option) => `${at} ${optionText(option)}`)]
}

function optionText({ description, flags, value }: CompletedOption): string {
  const named = flags.map((flag) =>
    flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
  )
  const takes = value === undefined ? [] : ['-r', ...offered(value)]
  return [...named, ...takes, `-d ${fishQuoted(description)}`].join(' ')
}

function offered({ kind, words }: Wanted): readonly string[] {
  if (words !== undefined) return [`-f -a ${fishQuoted(words.join(' '))}`]
  if (kind === 'none') return []
  if (kind === 'file') return ['-F']
  // A case has no file of its name; everything else may be named by its path as well.
  const files = kind === 'cases' ? '-f' : '-F'
  return [`${files} -a ${fishQuoted(`(__agent_eval_dynamic ${kind})`)}`]
}
