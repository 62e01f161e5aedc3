import { describe, expect, it } from 'vitest'
import { requireProgram } from '../../../src/cli/run/require-program.ts'
import { target } from '../../../src/schema/candidate.ts'
import { folderWith } from '../run-cli.ts'

const node = process.execPath

/** Why a target is refused, in a folder with `agent.mjs`; `undefined` where it is not. */
async function refusal(settings: object): Promise<unknown> {
  const place = { folder: folderWith({ 'agent.mjs': '' }), env: { PATH: process.env['PATH'] } }
  return requireProgram(target.parse(settings), place).catch((error: unknown) => error)
}

describe('the address of an agent', () => {
  it('has a free port only where we start what listens there', async () => {
    const http = 'http://127.0.0.1:$PORT/'
    expect(await refusal({ http })).toMatchObject({
      code: 'usage',
      message: 'target.http: $PORT stands for a free port only where target.start starts the agent',
    })
    expect(await refusal({ http, start: [node, 'agent.mjs'] })).toBeUndefined()
  })

  it.each(['nonsense', 'ftp://127.0.0.1/', 'localhost:8080', 'http://127.0.0.1:99999/'])(
    'is an http(s) URL, not %s',
    async (http) => {
      expect(await refusal({ http })).toMatchObject({
        code: 'usage',
        message: `target.http is no http(s) URL: ${http}`,
      })
    },
  )

  it('may be one of any server', async () => {
    expect(await refusal({ http: 'https://agents.example/x' })).toBeUndefined()
  })
})

describe('the script of an agent', () => {
  it.each([
    [[node, 'nope.py'], 'nope.py'],
    [[node, '-u', './src/nope.mjs', 'agent.mjs'], './src/nope.mjs'],
    [[node, '-r', './nope.cjs', 'agent.mjs'], './nope.cjs'],
    [[node, 'agent.mjs', 'nope.ts'], 'nope.ts'],
  ])('is missed before the run: %j', async (command, missing) => {
    const refused = { code: 'usage', message: `the agent's script "${missing}" is not there` }
    expect(await refusal({ command })).toMatchObject(refused)
    const http = 'http://127.0.0.1:$PORT/'
    expect(await refusal({ http, start: command })).toMatchObject(refused)
  })

  it.each([
    [[node, 'agent.mjs']],
    [[node, '-e', 'require("./nope.js")']],
    [[node, '-r', 'dotenv/config.js', 'agent.mjs']],
    [[node, 'agent.mjs', '--out=nope.js', 'nope', 'nope.json', '/nope.py', 'https://x/nope.js']],
    [['env', '--chdir=sub', node, 'nope.py']],
    [['sh', '-c', 'cd sub && python3 nope.py']],
  ])('is not guessed at: %j', async (command) => {
    expect(await refusal({ command })).toBeUndefined()
  })
})
