import { AgentEvalError } from '../../errors.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import { git } from '../git/git.ts'

/** Longest name that anybody has. */
const longest = 80

/**
 * Who labels: as named, or as git knows whoever commits here.
 *
 * @throws AgentEvalError (usage) where nobody is known: a label without an author is worth nothing
 */
export async function labelAuthor(named: string | undefined, cwd: string): Promise<string> {
  const author = terminalLine(named ?? (await gitName(cwd)), longest)
  if (author !== '') return author
  throw new AgentEvalError('who labels?', 'usage', {
    hint: 'say it with --author NAME, or once for all with: git config user.name NAME',
  })
}

async function gitName(cwd: string): Promise<string> {
  try {
    return await git(cwd, 'config', 'user.name')
  } catch {
    return ''
  }
}
