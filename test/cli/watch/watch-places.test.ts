import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { nodeWatching } from '../../../src/cli/watch/node-watching.ts'
import { type FileWatching, watchPlaces } from '../../../src/cli/watch/watch-places.ts'
import { folderWith } from '../run-cli.ts'

/** Folders by their parent, and which of them are watched. */
function fakeFiles(tree: Readonly<Record<string, readonly string[]>>): {
  readonly files: FileWatching
  readonly watched: Set<string>
} {
  const watched = new Set<string>()
  return {
    watched,
    files: {
      foldersIn: (folder) => Promise.resolve(tree[folder] ?? []),
      watchFolder(folder) {
        watched.add(folder)
        return () => {
          watched.delete(folder)
        }
      },
    },
  }
}

describe('watched places', () => {
  const tree = {
    '/p': ['set', 'node_modules', '.git', 'agent-eval-results', 'docs'],
    '/p/set': ['cases', 'agents'],
    '/p/set/cases': ['outcome'],
    '/p/set/agents': ['__pycache__', 'lib'],
    '/p/agent-eval-results': ['run-1'],
  }

  it('are folders and all below them, but not what others have written there', async () => {
    const { files, watched } = fakeFiles(tree)
    const places = watchPlaces(files, () => undefined)
    const ignored = ['/p/agent-eval-results']
    await places.watch({ trees: ['/p'], folders: ['/q/prompts'], ignored })
    const inSet = [
      '/p/set',
      '/p/set/cases',
      '/p/set/cases/outcome',
      '/p/set/agents',
      '/p/set/agents/lib',
    ]
    expect([...watched].sort()).toEqual(['/p', '/p/docs', ...inSet, '/q/prompts'].sort())
    await places.watch({ trees: ['/p/set/cases'], folders: ['/p'], ignored })
    expect([...watched].sort()).toEqual(['/p', '/p/set/cases', '/p/set/cases/outcome'])
    places.close()
    expect(watched.size).toBe(0)
  })

  it('are refused where there are thousands', async () => {
    const names = Array.from({ length: 2_001 }, (_, at) => `${at}`)
    const { files, watched } = fakeFiles({ '/p': names })
    const places = watchPlaces(files, () => undefined)
    const asked = places.watch({ trees: ['/p'], folders: [], ignored: [] })
    await expect(asked).rejects.toThrow('more than 2000 folders would have to be watched')
    expect(watched.size).toBe(0)
  })

  it('really hear of files that are written, made and removed, also in new folders', async () => {
    const folder = folderWith({ 'a/one.yaml': '1' })
    let heard: () => void = () => undefined
    const change = (): Promise<void> => new Promise((resolve) => (heard = resolve))
    const places = watchPlaces(nodeWatching, () => {
      heard()
    })
    const where = { trees: [folder], folders: [path.join(folder, 'gone')], ignored: [] }
    await places.watch(where)
    const steps = [
      () => {
        writeFileSync(path.join(folder, 'a/one.yaml'), '2')
      },
      () => {
        mkdirSync(path.join(folder, 'a/new'))
      },
      () => {
        writeFileSync(path.join(folder, 'a/new/two.yaml'), '1')
      },
      () => {
        rmSync(path.join(folder, 'a/new/two.yaml'))
      },
    ]
    for (const step of steps) {
      const hearing = change()
      step()
      await hearing
      await places.watch(where)
    }
    rmSync(folder, { recursive: true })
    await places.watch(where)
    places.close()
  })
})
