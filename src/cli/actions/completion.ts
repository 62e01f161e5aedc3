import type { Command } from 'commander'
import { bashScript } from '../completion/bash-script.ts'
import { type CompletedCommand, commandTree } from '../completion/command-tree.ts'
import { fishScript } from '../completion/fish-script.ts'
import { zshScript } from '../completion/zsh-script.ts'
import type { Io } from '../io.ts'

/** Every shell, and what makes its script. */
const scripts = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
} as const satisfies Readonly<Record<string, (tree: readonly CompletedCommand[]) => string>>

export type Shell = keyof typeof scripts

/** Prints the script that completes this very command line; names of a project it asks for as one types. */
export function completionAction(shell: Shell, program: Command, io: Io): void {
  io.stdout.write(scripts[shell](commandTree(program)))
}
