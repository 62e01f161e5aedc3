import type { CompletedCommand } from './command-tree.ts'
import { shellTables } from './shell-tables.ts'

/**
 * Completion for bash, from 3.2 on. What a project names is never expanded by the shell: no `compgen -W`,
 * which would run what stands in a name between backticks.
 */
export function bashScript(tree: readonly CompletedCommand[]): string {
  return `# bash completion for agent-eval
${shellTables(tree)}${functions}`
}

const functions = `
# Finds the command that is being typed: sets place, has_operand.
_agent_eval_place() {
  local i pending=''
  place='' has_operand=''
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ \${COMP_WORDS[i]} != '=' ]]; then _agent_eval_step "\${COMP_WORDS[i]}"; fi
  done
}

# Offers words of our own.
_agent_eval_words() {
  local word
  for word in $1; do
    if [[ $word == "$cur"* ]]; then COMPREPLY+=("$word"); fi
  done
}

# Offers what the project names, quoted as the shell needs it.
_agent_eval_dynamic() {
  local line quoted plain=$cur program=\${COMP_WORDS[0]/#\\~/$HOME}
  local -a found=()
  plain=\${plain#[\\'\\"]}
  plain=\${plain//\\\\/}
  while IFS= read -r line; do
    if [[ $line == "$plain"* ]]; then found+=("$line"); fi
  done < <("$program" __complete "$1" -- "\${COMP_WORDS[@]:1:COMP_CWORD-1}" "$plain" 2>/dev/null)
  ((\${#found[@]})) || return 0
  # Inside of quotes nothing is to be escaped.
  if compopt -o filenames 2>/dev/null || [[ $cur == [\\'\\"]* ]]; then
    COMPREPLY=("\${found[@]}")
    return 0
  fi
  for line in "\${found[@]}"; do
    printf -v quoted '%q' "$line"
    COMPREPLY+=("$quoted")
  done
}

_agent_eval_offer() {
  case "$1" in
    =*) _agent_eval_words "\${1#=}" ;;
    none) compopt +o default 2>/dev/null || true ;;
    file) ;;
    *) _agent_eval_dynamic "$1" ;;
  esac
}

_agent_eval() {
  local cur=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  local place has_operand below options operand wanted
  COMPREPLY=()
  if [[ $cur == '=' ]]; then cur=''; elif [[ $before == '=' ]]; then before=\${COMP_WORDS[COMP_CWORD-2]}; fi
  _agent_eval_place
  _agent_eval_value "$place" "$before"
  if [[ -n $wanted && $cur != -* ]]; then _agent_eval_offer "$wanted"; return 0; fi
  _agent_eval_at "$place"
  if [[ $cur == -* ]]; then _agent_eval_words "$options"; return 0; fi
  if [[ -n $below && -z $has_operand ]]; then _agent_eval_words "$below"; return 0; fi
  _agent_eval_offer "$operand"
}

complete -o default -F _agent_eval agent-eval
`
