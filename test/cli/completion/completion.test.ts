import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { fishQuoted } from '../../../src/cli/completion/fish-script.ts'
import { singleQuoted } from '../../../src/cli/completion/shell-tables.ts'
import { readTyped } from '../../../src/cli/completion/typed-words.ts'
import { folderWith, runCli, writeFiles } from '../run-cli.ts'
import { smallProject } from '../small-set.ts'

async function scriptFor(shell: string): Promise<string> {
  const { exitCode, stdout } = await runCli(['completion', shell], { cwd: folderWith() })
  expect(exitCode).toBe(0)
  return stdout
}

async function names(cwd: string, kind: string, ...words: readonly string[]): Promise<string[]> {
  const argv = ['__complete', kind, '--', ...words]
  const { exitCode, stderr, stdout } = await runCli(argv, { cwd })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  return stdout.split('\n').filter((line) => line !== '')
}

const templated = `
id: status.many
foreach: [{ key: mug, order: O-1 }, { key: pot, order: O-2 }]
ask: x
`

describe('what a project names', () => {
  it('is its cases, by what stands in the files and in the baseline', async () => {
    const cwd = folderWith({
      ...smallProject,
      'set/cases/outcome/many.yaml': templated,
      'set/cases/outcome/lines.jsonl': '{"id": "line.one"}\n{"id":"line.two"}\n',
      'set/baseline.json': '{"cases":[\n{"id":"status.many[mug]"},\n{"id":"status.many[pot]"}]}',
    })
    expect(await names(cwd, 'cases', 'run', '--case', '')).toEqual([
      'inject.note',
      'line.one',
      'line.two',
      'refund.one',
      'status.many[mug]',
      'status.many[pot]',
      'status.note',
      'status.paid',
    ])
  })

  it('is exactly the cases that lint knows, once it has seen them', async () => {
    const cwd = folderWith({ ...smallProject, 'set/notes.txt': 'id: no.case\n' })
    await runCli(['lint', '-q'], { cwd })
    writeFiles(cwd, { 'set/baseline.json': '{"id": "gone.case"}' })
    expect(await names(cwd, 'cases')).toEqual([
      'inject.note',
      'refund.one',
      'status.note',
      'status.paid',
    ])
  })

  it('is of the set that was typed, where there are several', async () => {
    const cwd = folderWith({
      ...smallProject,
      'agent-eval.yaml': 'apiVersion: agent-eval/v1\nevalsets: [set, other]\n',
      'other/cases/a.yaml': 'id: other.case\n',
    })
    expect(await names(cwd, 'cases', 'run', 'other', '--case', '')).toEqual(['other.case'])
    expect(await names(cwd, 'evalsets')).toEqual(['set', 'other'])
  })

  it('is its candidates, from here', async () => {
    const cwd = folderWith({
      ...smallProject,
      'set/agents/x.policy-test.yaml': '',
      'set/agents/a.ts': '',
    })
    expect(await names(cwd, 'candidates')).toEqual(
      ['dear', 'good', 'mute', 'noisy', 'obeys'].map((one) =>
        path.join('set', 'agents', `${one}.yaml`),
      ),
    )
  })

  it('is its runs, and the cases of one', async () => {
    const cwd = folderWith(smallProject)
    await runCli(['run', '-q', '--no-gate', '-n', '1', '--case', 'refund.one'], { cwd })
    const [run = '', ...more] = await names(cwd, 'runs')
    expect(run).toMatch(/^small-2026/)
    expect(more).toEqual([])
    expect(await names(cwd, 'shows', 'show', '')).toEqual([run])
    expect(await names(cwd, 'shows', 'show', `${run}/re`)).toEqual([`${run}/refund.one`])
  })

  it('is nothing where something is broken, missing or unknown', async () => {
    const broken = folderWith({ 'agent-eval.yaml': 'evalsets: [' })
    for (const cwd of [broken, folderWith()]) {
      for (const kind of ['cases', 'runs', 'shows', 'evalsets', 'candidates', 'nonsense']) {
        expect(await names(cwd, kind, 'run', 'x/y')).toEqual([])
      }
    }
    expect(await runCli(['__complete'], { cwd: broken })).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '',
    })
  })

  it('is left out where it would be read as two names, or hides something', async () => {
    const cwd = folderWith(smallProject)
    for (const name of ['fine', 'two\nlines', 'esc\u001b[31m', 'bidi\u202e']) {
      mkdirSync(path.join(cwd, 'agent-eval-results', name), { recursive: true })
      writeFileSync(path.join(cwd, 'agent-eval-results', name, 'run.json'), '{}')
    }
    expect(await names(cwd, 'runs')).toEqual(['fine'])
  })
})

describe('words that were typed', () => {
  it.each([
    [['run', '-c', 'a.yaml', ''], { config: 'a.yaml', current: '' }],
    [['run', '--config=a=b.yaml', 'x'], { config: 'a=b.yaml', current: 'x' }],
    [['run', '--config', '=', 'a.yaml', 'x'], { config: 'a.yaml' }],
    [['run', '-o', 'out', '-o', 'later', ''], { output: 'later' }],
    [[], { config: undefined, current: '', plain: [] }],
    [['run', 'set', '--case', 'a', 'b'], { plain: ['run', 'set', 'a'], current: 'b' }],
  ])('are read from %j', (words, expected) => {
    expect(readTyped(words)).toMatchObject(expected)
  })
})

describe('completion in bash', () => {
  let cwd = ''
  let script = ''

  beforeAll(async () => {
    // A program of that name that answers as `__complete` does, and says how it was called.
    cwd = folderWith({
      'bin/agent-eval': `#!/bin/sh
printf '%s\\n' "$@" > "$PWD/called"
case "$2" in
  cases) printf '%s\\n' 'refund[mugs]' 'refund.full' 'status note' 'a$(touch pwned)' 'it'"'"'s' ;;
  evalsets) printf '%s\\n' refund status ;;
  runs | shows) printf '%s\\n' 'run-1' 'run-1/refund[mugs]' ;;
  candidates) exit 3 ;;
esac
`,
    })
    chmodSync(path.join(cwd, 'bin/agent-eval'), 0o755)
    script = path.join(cwd, 'completion.bash')
    writeFileSync(script, await scriptFor('bash'))
  })

  /** What bash offers for these words, the last one being the one under the cursor. */
  function offers(...words: readonly string[]): readonly string[] {
    const code = `source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
_agent_eval
((\${#COMPREPLY[@]})) && printf '%s\\n' "\${COMPREPLY[@]}"; true`
    const { stderr, stdout } = spawnSync(
      'bash',
      ['--norc', '-euc', code, 'bash', script, ...words],
      {
        cwd,
        encoding: 'utf8',
        env: { PATH: `${path.join(cwd, 'bin')}:${process.env['PATH'] ?? ''}`, HOME: cwd },
      },
    )
    expect(stderr).toBe('')
    return stdout.split('\n').filter((line) => line !== '')
  }

  it('is registered for the name of the program', () => {
    const code = `source "$1" && complete -p agent-eval`
    expect(execFileSync('bash', ['-c', code, 'bash', script], { encoding: 'utf8' })).toContain(
      '-F _agent_eval',
    )
  })

  it('knows commands, and those below them', () => {
    expect(offers('agent-eval', '')).toEqual(
      expect.arrayContaining(['run', 'doctor', 'completion']),
    )
    expect(offers('agent-eval', '')).not.toContain('__complete')
    expect(offers('agent-eval', 'ba')).toEqual(['baseline'])
    expect(offers('agent-eval', 'baseline', '')).toEqual(['show', 'diff', 'update'])
    expect(offers('agent-eval', 'gate', 'self')).toEqual(['self-test'])
  })

  it('knows options, and what they take', () => {
    expect(offers('agent-eval', 'run', '--cas')).toEqual(['--case', '--cassette'])
    expect(offers('agent-eval', 'gate', 'power', '--assume')).toEqual(['--assume-tsr'])
    expect(offers('agent-eval', 'run', '--cassette', 're')).toEqual(['record', 'replay'])
    expect(offers('agent-eval', 'run', '--split', '=', 'ho')).toEqual(['holdout'])
    expect(offers('agent-eval', 'run', '--split', '=')).toEqual(['dev', 'gate', 'holdout'])
    expect(offers('agent-eval', 'completion', '')).toEqual(['bash', 'zsh', 'fish'])
  })

  it('takes the value of an option for no command', () => {
    expect(offers('agent-eval', 'run', '--candidate', 'gate', '--cas')).toEqual([
      '--case',
      '--cassette',
    ])
    expect(offers('agent-eval', 'run', '--seed', '1', '--split', 'd')).toEqual(['dev'])
  })

  it('asks the program that was typed for names, and quotes them', () => {
    expect(offers('agent-eval', 'run', '--case', 'refund')).toEqual([
      'refund\\[mugs\\]',
      'refund.full',
    ])
    expect(offers('agent-eval', 'run', '--case', 'refund\\[')).toEqual(['refund\\[mugs\\]'])
    expect(offers('agent-eval', 'run', '--case', 'sta')).toEqual(['status\\ note'])
    expect(offers(path.join(cwd, 'bin/agent-eval'), 'run', 're')).toEqual(['refund'])
    expect(offers('agent-eval', 'show', 'run-1/')).toEqual(['run-1/refund\\[mugs\\]'])
  })

  it('leaves a name as it is inside of quotes', () => {
    expect(offers('agent-eval', 'run', '--case', "'refund[")).toEqual(['refund[mugs]'])
    expect(offers('agent-eval', 'run', '--case', '"sta')).toEqual(['status note'])
  })

  it('runs nothing that stands in a name', () => {
    expect(offers('agent-eval', 'run', '--case', 'a')).toEqual(['a\\$\\(touch\\ pwned\\)'])
    expect(offers('agent-eval', 'run', '--case', 'it')).toEqual(["it\\'s"])
    const files = execFileSync('ls', { cwd, encoding: 'utf8' })
    expect(files).not.toContain('pwned')
  })

  it('survives a program that fails, and one that is not there', () => {
    expect(offers('agent-eval', 'run', '--candidate', 'x')).toEqual([])
    expect(offers('no-such-agent-eval', 'run', '--case', 'x')).toEqual([])
  })

  it('tells the program which words came before', () => {
    offers('agent-eval', 'run', 'set', '-c', 'my file.yaml', '--case', 're')
    expect(execFileSync('cat', ['called'], { cwd, encoding: 'utf8' }).split('\n')).toEqual([
      ...['__complete', 'cases', '--', 'run', 'set', '-c', 'my file.yaml', '--case', 're', ''],
    ])
  })
})

/** Whether a shell can be started here. */
function has(shell: string): boolean {
  return spawnSync(shell, ['-c', 'true']).status === 0
}

describe('completion in other shells', () => {
  it.each(['zsh', 'fish'])('is %s, where there is one', async (shell) => {
    if (!has(shell)) return
    const file = path.join(folderWith({ s: await scriptFor(shell) }), 's')
    const parsed = spawnSync(shell, ['-n', file], { encoding: 'utf8' })
    expect(parsed).toMatchObject({ status: 0, stderr: '' })
  })

  // What zsh has of its own parses as words in bash; what would break both is found.
  it('has balanced quotes and blocks in the zsh script', async () => {
    const file = path.join(folderWith({ s: await scriptFor('zsh') }), 's')
    expect(spawnSync('bash', ['-n', file], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    })
  })

  it('knows the same commands and options in all of them', async () => {
    const [zsh, fish] = [await scriptFor('zsh'), await scriptFor('fish')]
    expect(zsh.startsWith('#compdef agent-eval\n')).toBe(true)
    expect(zsh).toMatch(/'run\|--case'\) wanted='cases' ;;/)
    expect(fish).toMatch(
      /-n '__agent_eval_at "run"' -l case -r -f -a '\(__agent_eval_dynamic cases\)'/,
    )
    expect(fish).toMatch(/-n '__agent_eval_at "run"' -l split -r -f -a 'dev gate holdout'/)
    for (const line of fish.split('\n').filter((one) => one.startsWith('complete '))) {
      expect(line.replaceAll("\\'", '').split("'").length % 2).toBe(1)
    }
  })

  it('quotes what its descriptions hold', () => {
    expect(fishQuoted("it's a \\ b")).toBe("'it\\'s a \\\\ b'")
    const text = "it's $HOME `x`"
    const back = execFileSync('bash', ['-c', `printf %s ${singleQuoted(text)}`], {
      encoding: 'utf8',
    })
    expect(back).toBe(text)
  })

  it('is of three shells; another one exits 2', async () => {
    const { exitCode, stderr } = await runCli(['completion', 'tcsh'], { cwd: folderWith() })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('bash, zsh, fish')
  })
})
