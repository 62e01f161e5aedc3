import { Argument, type Command } from 'commander'
import type { Shell } from '../actions/completion.ts'
import type { Io } from '../io.ts'

const examples = `
Examples:
  source <(agent-eval completion bash)          in ~/.bashrc
  agent-eval completion zsh > "\${fpath[1]}/_agent-eval"
  agent-eval completion fish > ~/.config/fish/completions/agent-eval.fish

It completes what follows agent-eval, not what follows npx. Where only npx finds
it, make it a word of your shell, above the line that loads the script:
  agent-eval() { npx --no agent-eval "$@"; }               bash, zsh
  function agent-eval; npx --no agent-eval $argv; end      fish
`

export function addCompletionCommand(program: Command, io: Io): void {
  program
    .command('completion')
    .description('Print a script that completes commands, options, eval sets, cases and runs.')
    .addArgument(new Argument('<shell>', 'whose script').choices(['bash', 'zsh', 'fish']))
    .addHelpText('before', examples)
    .action(async (shell: Shell) => {
      const { completionAction } = await import('../actions/completion.ts')
      completionAction(shell, program, io)
    })
  program
    .command('__complete', { hidden: true })
    .description('Names of the project that may stand at the cursor; called by the scripts.')
    .argument('[kind]')
    .argument('[words...]')
    .action(async (kind: string | undefined, words: string[]) => {
      const { completeAction } = await import('../actions/complete.ts')
      await completeAction(kind, words, io)
    })
}
