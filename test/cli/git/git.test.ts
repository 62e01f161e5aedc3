import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  commitOf,
  committedAt,
  fileAtRef,
  folderAtRef,
  isInRepository,
  isShallow,
  isUncommitted,
  requireCommit,
} from '../../../src/cli/git/git.ts'
import { requireSafeRef } from '../../../src/cli/git/git-ref.ts'
import { checkout, copyOf, type Repository, repositoryWith } from '../../pull-request/repository.ts'
import { folderWith } from '../run-cli.ts'

let repository: Repository

beforeAll(() => {
  repository = repositoryWith({
    'a.txt': 'first\n',
    'deep/set/evalset.yaml': 'id: x\n',
    'deep/set/cases/one.yaml': 'id: one\n',
    'deep/set2/other.yaml': 'id: other\n',
    'glob[1].txt': 'one\n',
    'glob1.txt': 'another\n',
  })
  repository.edit({ 'a.txt': 'second\n', 'deep/set/cases/one.yaml': undefined })
  repository.commit('second')
})

const inFolder = (folder: string): string => path.join(repository.folder, folder)

describe('a file at a commit', () => {
  it.each([
    ['HEAD', 'a.txt', 'second\n'],
    ['HEAD~1', 'a.txt', 'first\n'],
    ['main', './a.txt', 'second\n'],
    ['HEAD', 'nowhere.txt', undefined],
    ['HEAD', 'deep', undefined],
    ['HEAD', '../a.txt', undefined],
    ['HEAD', 'glob[1].txt', 'one\n'],
    ['HEAD', 'glob*.txt', undefined],
  ])('%s:%s', async (ref, file, text) => {
    expect(await fileAtRef(repository.folder, ref, file)).toBe(text)
  })

  it('is relative to the working directory', async () => {
    expect(await fileAtRef(inFolder('deep'), 'HEAD', '../a.txt')).toBe('second\n')
    expect(await fileAtRef(inFolder('deep/set'), 'HEAD', 'evalset.yaml')).toBe('id: x\n')
    expect(await fileAtRef(inFolder('deep'), 'HEAD', 'a.txt')).toBeUndefined()
  })

  it('that git has and cannot read is no missing file', async () => {
    const broken = copyOf(repository)
    const object = broken.git('rev-parse', 'HEAD:a.txt')
    rmSync(path.join(broken.folder, '.git/objects', object.slice(0, 2), object.slice(2)))
    await expect(fileAtRef(broken.folder, 'HEAD', 'a.txt')).rejects.toMatchObject({
      message: 'git has this file and cannot read it',
      code: 'input',
    })
  })

  it('needs a commit', async () => {
    await expect(fileAtRef(repository.folder, 'nowhere', 'a.txt')).rejects.toThrow(
      'git has no commit "nowhere"',
    )
  })
})

describe('a folder at a commit', () => {
  it('has its files, and none of its neighbours', async () => {
    const then = await folderAtRef(repository.folder, 'HEAD~1', 'deep/set')
    expect(then.name).toBe('HEAD~1:deep/set')
    expect(await then.list('cases')).toEqual(['cases/one.yaml'])
    expect(await then.read('cases/one.yaml')).toBe('id: one\n')
    const now = await folderAtRef(repository.folder, 'HEAD', 'deep/set')
    expect([await now.list('cases'), await now.read('cases/one.yaml')]).toEqual([[], undefined])
    expect(await now.read('other.yaml')).toBeUndefined()
  })

  it.each([
    ['.', 'deep/set'],
    ['set', 'deep'],
    ['../deep/set', 'deep'],
  ])('may be named as %s from %s', async (named, from) => {
    const folder = await folderAtRef(inFolder(from), 'HEAD', named)
    expect(await folder.read('evalset.yaml')).toBe('id: x\n')
  })

  it('is the repository, or nowhere', async () => {
    const all = await folderAtRef(repository.folder, 'HEAD', '.')
    expect(await all.read('deep/set/evalset.yaml')).toBe('id: x\n')
    const none = await folderAtRef(repository.folder, 'HEAD', 'nowhere')
    expect([await none.list('cases'), await none.read('a')]).toEqual([[], undefined])
  })
})

describe('a commit', () => {
  it('is found by a name, or not', async () => {
    const head = repository.git('rev-parse', 'HEAD')
    expect(await commitOf(repository.folder, 'main')).toBe(head)
    expect(await requireCommit(repository.folder, head)).toBe(head)
    expect(await commitOf(repository.folder, 'nowhere')).toBeUndefined()
    expect(await commitOf(repository.folder, 'HEAD:a.txt').catch(String)).toMatch(
      /no git reference/,
    )
  })

  it('says why it is not found', async () => {
    await expect(requireCommit(folderWith(), 'HEAD')).rejects.toMatchObject({
      message: 'git has no commit "HEAD"',
      hint: expect.stringContaining('not a git repository') as unknown,
    })
  })

  it.each(['main', 'HEAD~1', 'v1.2^', 'origin/feature/a-b', 'a'.repeat(255)])(
    'may be called %s',
    (ref) => {
      expect(() => {
        requireSafeRef(ref)
      }).not.toThrow()
    },
  )

  it.each([
    '',
    '-x',
    '--output=x',
    'a..b',
    'a b',
    'a\nb',
    'a\u0000b',
    'a\u202eb',
    'main:set',
    ':/fix',
    'HEAD@{1}',
    'HEAD^{/x}',
    'a*',
    'a[b',
    'a\\b',
    'a'.repeat(256),
  ])('may not be called %j', (ref) => {
    expect(() => {
      requireSafeRef(ref)
    }).toThrow('is no git reference')
  })
})

describe('a repository', () => {
  it('is one, and whole or shallow', async () => {
    const shallow = checkout(repository, 'main', ['--depth', '1'])
    expect(await isShallow(repository.folder)).toBe(false)
    expect(await isShallow(shallow.folder)).toBe(true)
    expect(await isInRepository(inFolder('deep'))).toBe(true)
    expect(await isInRepository(folderWith())).toBe(false)
  })

  it('knows when a file was committed last, unless its history was cut off', async () => {
    const seconds = Number(repository.git('log', '-1', '--format=%ct'))
    expect(await committedAt(repository.folder, 'HEAD', 'a.txt')).toBe(seconds)
    expect(await committedAt(repository.folder, 'HEAD', 'nowhere.txt')).toBeUndefined()
    expect(await committedAt(folderWith(), 'HEAD', 'a.txt')).toBeUndefined()
    const shallow = checkout(repository, 'main', ['--depth', '1'])
    expect(await committedAt(shallow.folder, 'HEAD', 'a.txt')).toBeUndefined()
  })

  it('knows what was changed since', async () => {
    const changed = copyOf(repository)
    expect(await isUncommitted(changed.folder, 'a.txt')).toBe(false)
    changed.edit({ 'a.txt': 'third\n', 'new.txt': 'new\n' })
    expect(await isUncommitted(changed.folder, 'a.txt')).toBe(true)
    expect(await isUncommitted(changed.folder, 'new.txt')).toBe(true)
    mkdirSync(path.join(changed.folder, 'empty'))
    expect(await isUncommitted(path.join(changed.folder, 'empty'), '../deep/set2/other.yaml')).toBe(
      false,
    )
    expect(await isUncommitted(folderWith(), 'a.txt')).toBe(true)
  })
})
