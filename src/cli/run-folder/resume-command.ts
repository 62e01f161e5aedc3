import path from 'node:path'
import { shellWord } from '../../text/shell-word.ts'
import { commandPrefix } from '../print/report-context.ts'

interface BegunRun {
  /** Of the command, without the program. */
  readonly argv: readonly string[]
  /** Its folder. */
  readonly folder: string
  /** Eval sets as they were typed. */
  readonly named: readonly string[]
  /** The set that this run is of, as one types it; absent where the command runs no other. */
  readonly ownSet?: string | undefined
}

/**
 * What to type to go on with a run: the command as it was typed, because a run that was planned
 * differently cannot be gone on with, and the name of the run.
 */
export function resumeCommand({ argv, folder, named, ownSet }: BegunRun): string {
  const others = new Set(ownSet === undefined ? [] : named)
  const kept = withoutResume(argv).filter((word) => !others.has(word))
  const own = ownSet === undefined ? [] : [ownSet]
  const words = [...kept, ...own].map((word) => (/^--?[\w-]+$/.test(word) ? word : shellWord(word)))
  return [commandPrefix, ...words, '--resume', shellWord(path.basename(folder))].join(' ')
}

/** What follows `--resume` and is no option is its value. */
function withoutResume(argv: readonly string[]): readonly string[] {
  return argv.filter((word, index) => {
    if (word === '--resume' || word.startsWith('--resume=')) return false
    return argv[index - 1] !== '--resume' || word.startsWith('-')
  })
}
