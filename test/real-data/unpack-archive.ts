import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { dataPath } from './data-folder.ts'

/** Paths of the files in a `.tar.xz`. Needs `tar` with xz: Node reads neither format. */
export function listArchive(archive: string): readonly string[] {
  const listing = execFileSync('tar', ['-tJf', dataPath(archive)], { encoding: 'utf8' })
  return listing.split('\n').filter((line) => line !== '')
}

/** The parsed JSON of some files in a `.tar.xz`, in the order asked for. */
export function unpackJson(archive: string, members: readonly string[]): readonly unknown[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'agent-eval-test-'))
  try {
    execFileSync('tar', ['-xJf', dataPath(archive), '-C', folder, ...members])
    return members.map((name): unknown => JSON.parse(readFileSync(path.join(folder, name), 'utf8')))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
