import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { requireOwnRecordings } from '../../../src/cli/run/require-own-recordings.ts'
import { type Repository, repositoryWith } from '../../pull-request/repository.ts'

const shown = 'set/cassettes/good.jsonl'

function check(
  { folder, git }: Repository,
  cassette: 'replay' | 'record' | 'off',
  hasBase = true,
): Promise<void> {
  const base = hasBase
    ? { commit: git('rev-parse', 'HEAD'), name: 'merge base with main' }
    : undefined
  const place = { file: path.join(folder, shown), shown }
  return requireOwnRecordings({ base }, place, { cassette, cwd: folder })
}

describe('recordings of a pull request', () => {
  it('are those of the base', async () => {
    await expect(check(repositoryWith({ [shown]: '{}\n' }), 'replay')).resolves.toBeUndefined()
  })

  it.each([
    ['changed', { [shown]: '{}\n' }],
    ['new', { 'other.txt': 'x' }],
  ])('prove nothing where they are %s', async (_, files) => {
    const repository = repositoryWith(files)
    repository.edit({ [shown]: '{"forged":true}\n' })
    await expect(check(repository, 'replay')).rejects.toMatchObject({
      code: 'evidence',
      message: 'is not the cassette of merge base with main',
    })
    await expect(check(repository, 'record')).resolves.toBeUndefined()
    await expect(check(repository, 'off')).resolves.toBeUndefined()
    await expect(check(repository, 'replay', false)).resolves.toBeUndefined()
  })

  it('are missed where they were deleted', async () => {
    const repository = repositoryWith({ [shown]: '{}\n', 'a.txt': '' })
    repository.edit({ [shown]: undefined })
    writeFileSync(path.join(repository.folder, 'a.txt'), 'x')
    await expect(check(repository, 'replay')).rejects.toMatchObject({ code: 'evidence' })
  })
})
