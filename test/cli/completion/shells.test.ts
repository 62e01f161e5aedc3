import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { folderWith, runCli } from '../run-cli.ts'

/** Names that would run something, end a word or be read as a pattern, if a shell ever looked at them. */
const names = [
  'refund[mugs]',
  'refund.full',
  'status note',
  "it's",
  'a$(touch pwned)',
  'b`touch pwned`',
  'c;touch pwned',
  'd&&touch pwned',
  'e*?',
  'f\\g',
  'h"i',
  '=ls',
  '~root',
  'über',
]

/** A program of that name, which answers as `__complete` does. */
const program = `#!/bin/sh
case "$2" in
  cases) cat "$(dirname "$0")/names" ;;
  evalsets) printf '%s\\n' refund status ;;
  candidates) echo broken >&2; exit 3 ;;
esac
`

let cwd = ''

beforeAll(async () => {
  cwd = folderWith({ 'bin/agent-eval': program, 'bin/names': `${names.join('\n')}\n` })
  chmodSync(path.join(cwd, 'bin/agent-eval'), 0o755)
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { stdout } = await runCli(['completion', shell], { cwd })
    writeFileSync(path.join(cwd, `completion.${shell}`), stdout)
  }
})

function has(shell: string): boolean {
  return spawnSync(shell, ['-c', 'true']).status === 0
}

/** Starts a shell in which the program is on PATH, and which reads nobody's settings. */
function started(shell: string, ...argv: readonly string[]): string {
  const env = {
    PATH: `${path.join(cwd, 'bin')}:${process.env['PATH'] ?? ''}`,
    HOME: cwd,
    TERM: 'dumb',
    LC_ALL: 'C.UTF-8',
  }
  const { error, stderr, stdout } = spawnSync(shell, argv, {
    cwd,
    encoding: 'utf8',
    env,
    timeout: 50_000,
  })
  expect([error, stderr]).toEqual([undefined, ''])
  return stdout
}

describe.skipIf(!has('fish'))('completion in fish', () => {
  /** What fish offers for a line, without the descriptions. */
  function offers(line: string): readonly string[] {
    const code = `source completion.fish; complete -C (cat line)`
    writeFileSync(path.join(cwd, 'line'), line)
    return started('fish', '--no-config', '-c', code)
      .split('\n')
      .flatMap((one) => one.split('\t')[0] || [])
  }

  it('knows commands, and those below them', () => {
    expect(offers('agent-eval ru')).toEqual(['run'])
    expect(offers('agent-eval ')).toEqual(expect.arrayContaining(['run', 'doctor', 'completion']))
    expect(offers('agent-eval baseline ')).toEqual(['diff', 'show', 'update'])
    expect(offers('agent-eval completion ')).toEqual(['bash', 'fish', 'zsh'])
  })

  it('knows options, and what they take', () => {
    expect(offers('agent-eval run --cas')).toEqual(['--case', '--cassette'])
    expect(offers('agent-eval run --cassette re')).toEqual(['record', 'replay'])
    expect(offers('agent-eval run --cassette=rep')).toEqual(['--cassette=replay'])
    expect(offers('agent-eval --vers')).toEqual(['--version'])
  })

  it('takes the value of an option for no command', () => {
    expect(offers('agent-eval run --candidate gate --cas')).toEqual(['--case', '--cassette'])
    expect(offers('agent-eval run -o baseline ref')).toContain('refund')
  })

  it('offers names as they are, and runs none of them', () => {
    expect(offers('agent-eval run --case ')).toEqual(expect.arrayContaining(names))
    expect(offers('agent-eval run re')).toContain('refund')
    expect(offers('agent-eval run --candidate nothing')).toEqual([])
    expect(existsSync(path.join(cwd, 'pwned'))).toBe(false)
  })

  it('finds the program where it was typed', () => {
    expect(offers('./bin/agent-eval run --case sta')).toEqual(['status note'])
    expect(offers('~/bin/agent-eval run --case sta')).toEqual(['status note'])
  })
})

describe.skipIf(!has('zsh'))('completion in zsh', () => {
  /**
   * Types lines into an interactive zsh in a terminal of its own, with TAB behind each, and says what
   * then stands there, and what was offered.
   */
  const typist = `
zmodload zsh/zpty
zpty -b child zsh -f -i
say() { zpty -w child "$1; print -r -- REA''DY"; until_ready }
until_ready() { local line; while zpty -r child line; do [[ $line == *READY* ]] && return; done }
say 'PS1=; autoload -Uz compinit; compinit -u -D'
say 'source ./completion.zsh'
say 'compadd() { local -a hits; builtin compadd -O hits "$@"; print -rl -- $hits >> offers; builtin compadd "$@" }'
say 'dump() { print -r -- "$BUFFER" > typed.new; mv typed.new typed; BUFFER= }'
say 'zle -N dump; bindkey "^Xz" dump; bindkey "^I" complete-word'
zpty -w -n child "$(<line)"$'\\t\\x18z'
for ((i = 0; i < 400; i++)); do
  [[ -e typed ]] && break
  zpty -rt child line
  sleep 0.1
done
zpty -d child
`
  function typed(line: string): { readonly line: string; readonly offers: readonly string[] } {
    for (const name of ['typed', 'offers']) writeFileSync(path.join(cwd, name), '')
    spawnSync('rm', ['typed'], { cwd })
    writeFileSync(path.join(cwd, 'line'), line)
    started('zsh', '-f', '-c', typist)
    const read = (name: string): string => readFileSync(path.join(cwd, name), 'utf8')
    return { line: read('typed').replace(/\n$/, ''), offers: read('offers').split('\n') }
  }

  it('completes commands, options and what they take', () => {
    expect(typed('agent-eval ru').line).toBe('agent-eval run ')
    expect(typed('agent-eval run --spli').line).toBe('agent-eval run --split ')
    expect(typed('agent-eval run --cassette=rep').line).toBe('agent-eval run --cassette=replay ')
    expect(typed('agent-eval run --candidate gate --cassette of').line).toBe(
      'agent-eval run --candidate gate --cassette off ',
    )
  })

  it('quotes names as it needs them, and runs none', () => {
    expect(typed('agent-eval run --case refund\\[').line).toBe(
      'agent-eval run --case refund\\[mugs\\] ',
    )
    expect(typed('agent-eval run --case a').line).toBe(
      'agent-eval run --case a\\$\\(touch\\ pwned\\) ',
    )
    expect(typed("agent-eval run --case 'sta").line).toBe("agent-eval run --case 'status note' ")
    expect(typed('agent-eval run --case ').offers).toEqual(expect.arrayContaining(names))
    expect(existsSync(path.join(cwd, 'pwned'))).toBe(false)
  })
})
