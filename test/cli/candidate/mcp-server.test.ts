import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { listMcpTools, splitCommand } from '../../../src/cli/candidate/mcp-server.ts'

const server = path.join(import.meta.dirname, '../fake-mcp-server.js')
const stderr = { isTTY: false, columns: 80, write: () => undefined }
const env = { ...process.env, SECRET_TOKEN: 'hunter2' }
const io = { cwd: path.dirname(import.meta.dirname), env, stderr }

describe('listMcpTools', () => {
  it('asks a server for all pages of its tools, and keeps our secrets from it', async () => {
    const tools = await listMcpTools(`"${process.execPath}" "${server}"`, io)
    expect(tools).toEqual([
      expect.objectContaining({
        name: 'search notes',
        description: 'Finds notes.',
        annotations: { readOnlyHint: true },
      }),
      expect.objectContaining({ name: 'delete_note', description: 'Sees no secret.' }),
    ])
  })

  it('says so when the command does not start, or speaks something else', async () => {
    await expect(listMcpTools('no-such-program-here', io)).rejects.toThrow(
      'the MCP server "no-such-program-here" could not be asked',
    )
    await expect(listMcpTools(`"${process.execPath}" --version`, io)).rejects.toThrow(
      'could not be asked',
    )
    await expect(listMcpTools(' ', io)).rejects.toThrow('mcp: names no command')
  })
})

describe('splitCommand', () => {
  it.each([
    ['npx -y server', ['npx', '-y', 'server']],
    [`"C:\\Program Files\\node" 'a b' c`, ['C:\\Program Files\\node', 'a b', 'c']],
    ['  ', []],
  ])('%s', (command, words) => {
    expect(splitCommand(command)).toEqual(words)
  })
})
