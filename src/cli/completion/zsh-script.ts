import type { CompletedCommand } from './command-tree.ts'
import { shellTables } from './shell-tables.ts'

/** Completion for zsh. `compadd` quotes what it inserts, so names are given as they are. */
export function zshScript(tree: readonly CompletedCommand[]): string {
  return `#compdef agent-eval
# zsh completion for agent-eval
${shellTables(tree)}${functions}`
}

const functions = `
# Finds the command that is being typed: sets place, has_operand.
_agent_eval_place() {
  local i pending=''
  place='' has_operand=''
  for ((i = 2; i < CURRENT; i++)); do _agent_eval_step "\${(Q)words[i]}"; done
}

_agent_eval_dynamic() {
  local -a found typed
  typed=("\${(@Q)words[2,CURRENT]}")
  found=("\${(@f)$("\${(Q)words[1]/#\\~/$HOME}" __complete "$1" -- "\${typed[@]}" 2>/dev/null)}")
  found=("\${(@)found:#}")
  compadd -- "\${found[@]}"
}

_agent_eval_offer() {
  case "$1" in
    '='*) compadd -- \${=1#=} ;;
    none) ;;
    file) _files ;;
    *) _agent_eval_dynamic "$1" || _files ;;
  esac
}

_agent_eval() {
  local place has_operand below options operand wanted cur=\${words[CURRENT]}
  if [[ $cur == --*=* ]]; then
    _agent_eval_place
    _agent_eval_value "$place" "\${cur%%=*}"
    compset -P '*='
    _agent_eval_offer "\${wanted:-none}"
    return
  fi
  _agent_eval_place
  _agent_eval_value "$place" "\${words[CURRENT-1]}"
  if [[ -n $wanted && $cur != -* ]]; then _agent_eval_offer "$wanted"; return; fi
  _agent_eval_at "$place"
  if [[ $cur == -* ]]; then compadd -- \${=options}; return; fi
  if [[ -n $below && -z $has_operand ]]; then compadd -- \${=below}; return; fi
  _agent_eval_offer "$operand"
}

if [[ \${funcstack[1]:-} == _agent_eval ]]; then _agent_eval "$@"; else compdef _agent_eval agent-eval; fi
`
