import type { Command, Option } from 'commander'
import { kindOfArgument, kindOfOption, type ValueKind, wordsOfOption } from './value-kinds.ts'

/** What is asked for at one place of a command line. */
export interface Wanted {
  readonly kind: ValueKind
  /** Instead of a kind: exactly these. */
  readonly words?: readonly string[]
}

export interface CompletedOption {
  /** Such as `-c` and `--config`. */
  readonly flags: readonly string[]
  readonly description: string
  /** Absent for one that takes no value. */
  readonly value?: Wanted
}

/** One command and what can be typed behind it. */
export interface CompletedCommand {
  /** The words behind `agent-eval`; empty for the program itself. */
  readonly words: readonly string[]
  readonly description: string
  /** Names of the commands below it. */
  readonly below: readonly string[]
  readonly options: readonly CompletedOption[]
  readonly operand: Wanted
}

/** Every command that the help names, from the program down. */
export function commandTree(
  command: Command,
  words: readonly string[] = [],
): readonly CompletedCommand[] {
  const help = command.createHelp()
  const below = help.visibleCommands(command).filter((one) => one.name() !== 'help')
  const [argument] = command.registeredArguments
  const own: CompletedCommand = {
    words,
    description: command.description(),
    below: below.map((one) => one.name()),
    options: help.visibleOptions(command).map(completed),
    operand: {
      kind: argument === undefined ? 'none' : kindOfArgument(argument.name()),
      ...(argument?.argChoices !== undefined && { words: argument.argChoices }),
    },
  }
  return [own, ...below.flatMap((one) => commandTree(one, [...words, one.name()]))]
}

function completed(option: Option): CompletedOption {
  const { argChoices, description, long, optional, required, short } = option
  const flags = [short, long].filter((flag) => typeof flag === 'string')
  if (!required && !optional) return { flags, description }
  const words = argChoices ?? wordsOfOption(long ?? '')
  const value = { kind: kindOfOption(long ?? ''), ...(words !== undefined && { words }) }
  return { flags, description, value }
}
