import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { expect, it } from 'vitest'
import { linesOf, readText } from '../../../src/cli/run-folder/run-folder.ts'
import { folderWith } from '../run-cli.ts'

it('says of what is no file what it is, and what would work', async () => {
  const folder = folderWith({ 'run.json': '{}' })
  const pipe = path.join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  await expect(readText(folder)).rejects.toMatchObject({
    message: 'is a folder',
    hint: 'name a file',
  })
  await expect(readText(pipe)).rejects.toMatchObject({
    message: 'is a pipe',
    hint: 'write what comes through it into a file',
  })
  await expect(linesOf(pipe).next()).rejects.toMatchObject({ message: 'is a pipe' })
  await expect(readText('/dev/null')).rejects.toMatchObject({
    message: 'is no file',
    hint: 'copy what it gives into a file',
  })
})
