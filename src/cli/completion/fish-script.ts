import type { CompletedCommand, CompletedOption, Wanted } from './command-tree.ts'

/** Completion for fish. It quotes what it inserts, so names are given as they are. */
export function fishScript(tree: readonly CompletedCommand[]): string {
  const places = tree.flatMap(({ words }) =>
    words.length === 0 ? [] : [fishQuoted(words.join(' '))],
  )
  return `# fish completion for agent-eval
function __agent_eval_at
    set -l place
    for word in (commandline -opc)[2..-1]
        string match -q -- '-*' $word; and continue
        contains -- (string join ' ' $place $word) ${places.join(' ')}; and set place $place $word
    end
    test (string join ' ' $place) = "$argv[1]"
end

function __agent_eval_dynamic
    set -l typed (commandline -opc)
    $typed[1] __complete $argv[1] -- $typed[2..-1] (commandline -ct) 2>/dev/null
end

complete -c agent-eval -f
${tree.flatMap(commandLines).join('\n')}
`
}

/** A text in single quotes, where fish knows two escapes. */
export function fishQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

function commandLines(command: CompletedCommand): readonly string[] {
  const { below, operand, options, words } = command
  const place = words.join(' ')
  const at = `complete -c agent-eval -n ${fishQuoted(`__agent_eval_at "${place}"`)}`
  const names = below.length === 0 ? [] : [`${at} -a ${fishQuoted(below.join(' '))}`]
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
  return [`-F -a ${fishQuoted(`(__agent_eval_dynamic ${kind})`)}`]
}
