import type { CompletedCommand, Wanted } from './command-tree.ts'

/** A text in single quotes, for sh, bash, zsh. */
export function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** `cases`, `file`, `none`, or `=` and the words that may stand there. */
function wantedText({ kind, words }: Wanted): string {
  return words === undefined ? kind : `=${words.join(' ')}`
}

/**
 * Functions that bash and zsh both understand.
 *
 * `_agent_eval_at WORDS` says of a command which `below`, `options` and `operand` it has;
 * `_agent_eval_value WORDS OPTION` puts into `wanted` what the option takes, and nothing where it takes
 * none; `_agent_eval_step WORD` goes one word on, and keeps in `place` which command is being typed, in
 * `has_operand` whether it has an argument, and in `pending` whether a value is to come.
 */
export function shellTables(tree: readonly CompletedCommand[]): string {
  return `_agent_eval_at() {
  case "$1" in
${tree.map(commandArm).join('\n')}
    *) below='' options='' operand='none' ;;
  esac
}

_agent_eval_value() {
  case "$1|$2" in
${tree.flatMap(optionArms).join('\n')}
    *) wanted='' ;;
  esac
}
${step}`
}

const step = `
_agent_eval_step() {
  if [[ -n $pending && $1 != -* ]]; then pending=''; return 0; fi
  pending=''
  if [[ $1 == -* ]]; then
    _agent_eval_value "$place" "$1"
    pending=$wanted
    return 0
  fi
  _agent_eval_at "$place"
  if [[ " $below " == *" $1 "* ]]; then place=\${place:+$place }$1; else has_operand=1; fi
}
`

function commandArm({ below, operand, options, words }: CompletedCommand): string {
  const flags = options.flatMap((option) => option.flags)
  const set = [
    `below=${singleQuoted(below.join(' '))}`,
    `options=${singleQuoted(flags.join(' '))}`,
    `operand=${singleQuoted(wantedText(operand))}`,
  ]
  return `    ${singleQuoted(words.join(' '))}) ${set.join(' ')} ;;`
}

function optionArms({ options, words }: CompletedCommand): readonly string[] {
  return options.flatMap(({ flags, value }) => {
    if (value === undefined) return []
    const patterns = flags.map((flag) => singleQuoted(`${words.join(' ')}|${flag}`))
    return [`    ${patterns.join(' | ')}) wanted=${singleQuoted(wantedText(value))} ;;`]
  })
}
