import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import type { CassetteMode } from '../../providers/cassette/http-cassette.ts'
import type { JudgingGround } from '../at-base/judging-ground.ts'
import type { CassettePlace } from '../candidate/read-cassette.ts'
import { fileAtRef } from '../git/git.ts'
import { textIfThere } from '../outside/if-there.ts'

/**
 * Refuses to decide over recordings that the change itself brings: whoever writes the answers of an
 * agent writes its verdict.
 *
 * @throws AgentEvalError (evidence) where the cassette is not the one of the base
 */
export async function requireOwnRecordings(
  { base }: Pick<JudgingGround, 'base'>,
  { file, shown }: CassettePlace,
  { cassette, cwd }: { readonly cassette: CassetteMode; readonly cwd: string },
): Promise<void> {
  if (base === undefined || cassette !== 'replay') return
  const before = await fileAtRef(cwd, base.commit, path.relative(cwd, file))
  if (before !== undefined && before === (await textIfThere(file))) return
  throw new AgentEvalError(`is not the cassette of ${base.name}`, 'evidence', {
    source: { file: shown },
    hint: 'recordings that a change brings prove nothing about it: run it live, or look with --no-gate',
  })
}
