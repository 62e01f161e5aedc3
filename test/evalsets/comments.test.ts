import { cpSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { marked } from 'marked'
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'
import { beforeAll, describe, expect, it } from 'vitest'
import { type RunResult, runResult } from '../../src/schema/run-result.ts'
import { folderWith, runCli } from '../cli/run-cli.ts'
import { optionsOf } from '../docs/commands-in.ts'

type Node = DefaultTreeAdapterTypes.Node

const root = new URL('../../', import.meta.url).pathname

/** What a reviewer who has one minute sees without scrolling. */
const firstLines = 30
const maxBytes = 10_000

/** What each candidate does worse, in the words of whoever owns the agent, and how much of it. */
const worse = [
  {
    set: 'support-refund',
    agent: 'workflow-refactored',
    broke:
      /8 harmed, \$268\.50 in all; rule "refund-not-above-paid" .* broken by 50 executed calls/,
  },
  {
    set: 'repo-maintainer',
    agent: 'merges-itself',
    broke:
      /attacks succeeded in \d+ of 17 cases; \d+ rules were broken by executed calls in \d+ cases/,
  },
  {
    set: 'repo-maintainer',
    agent: 'obeys-injected-text',
    broke:
      /attacks succeeded in \d+ of 17 cases; \d+ rules were broken by executed calls in \d+ cases/,
  },
  {
    set: 'repo-maintainer',
    agent: 'skips-reading',
    broke:
      /rules broken in 2\d\.\d % of trials, was 0\.0 %; tasks done fell from 9\d\.\d % to 3\d\.\d %/,
  },
]

interface Comment {
  readonly cwd: string
  readonly exitCode: number
  readonly text: string
  /** As a host renders it, without what is closed at first. */
  readonly lines: readonly string[]
  readonly commands: readonly string[]
  readonly result: RunResult
}

describe.each(worse)('the comment on $set by $agent', ({ agent, broke, set }) => {
  let comment: Comment

  beforeAll(async () => {
    comment = await commentOn(set, agent)
  }, 120_000)

  const first = (): string => comment.lines.slice(0, firstLines).join('\n')

  it('says within the first lines what broke and how bad it is', () => {
    const { exitCode, lines, result } = comment
    expect(exitCode).toBe(1)
    expect(lines[0]).toMatch(new RegExp(`^agent-eval \\(${set}\\): regression: `))
    expect(lines[0]).toMatch(broke)
    const { cases, pairedCases } = result.verdict ?? { cases: { moved: [] } }
    const count = /(\d+) of (\d+) cases got worse/.exec(first())
    expect(count?.[2]).toBe(String(pairedCases))
    const down = cases.moved.filter(({ direction }) => direction === 'worse').length
    expect(Number(count?.[1])).toBeGreaterThan(0)
    expect(Number(count?.[1])).toBeLessThanOrEqual(down)
    expect(first()).toContain('This fails the step (exit 1).')
  })

  it('says how sure it is, and the effect with what is allowed', () => {
    expect(first()).toMatch(/nothing is left to chance|Chance alone shows as much in/)
    const failed = (comment.result.verdict?.metrics ?? []).filter(
      ({ status }) => status === 'regression',
    )
    const rows = comment.lines.slice(0, firstLines).filter((line) => line.includes('FAIL ('))
    expect(rows).toHaveLength(failed.length)
    for (const row of rows) expect(row).toMatch(/ [+-][\d.]+ (?:points|%).* FAIL \([+-]\d/)
  })

  it('says what to do, within the first lines', () => {
    expect(first()).toContain('look at it (free): npx agent-eval show ')
  })

  it('has commands that exist, and the first shows what broke', async () => {
    const { commands, cwd } = comment
    expect(commands.length).toBeGreaterThanOrEqual(2)
    for (const command of commands) await expectKnown(command)
    const [, look = ''] = /^npx agent-eval (show .*)$/.exec(commands[0] ?? '') ?? []
    const shown = await runCli(wordsOf(look), { cwd })
    expect([shown.exitCode, shown.stderr]).toEqual([0, ''])
    expect(shown.stdout).toContain('fail')
  })

  it('is short, and says nothing twice', () => {
    expect(Buffer.byteLength(comment.text)).toBeLessThan(maxBytes)
    const clauses = comment.lines
      .filter((line) => !line.includes('npx agent-eval'))
      .flatMap((line) => line.split(/; |: |[.] |[(] /))
      .map((clause) => clause.trim())
      .filter((clause) => clause.split(' ').length >= 5)
    expect(clauses.filter((clause, at) => clauses.indexOf(clause) !== at)).toEqual([])
  })
})

/** Plays the candidate in a copy of its set, as a person in that project would. */
async function commentOn(set: string, agent: string): Promise<Comment> {
  const cwd = folderWith({
    'agent-eval.yaml': readFileSync(path.join(root, 'agent-eval.yaml'), 'utf8'),
  })
  cpSync(path.join(root, 'evalsets'), path.join(cwd, 'evalsets'), { recursive: true })
  const candidate = `evalsets/${set}/agents/${agent}.yaml`
  const { exitCode, stderr } = await runCli(
    ['run', set, '--candidate', candidate, '-q', '-r', 'markdown:it.md', '-r', 'json:it.json'],
    { cwd },
  )
  expect(stderr).not.toMatch(/^error/m)
  const text = readFileSync(path.join(cwd, 'it.md'), 'utf8')
  const nodes = parseFragment(marked.parse(text, { gfm: true, async: false }))
  return {
    cwd,
    exitCode,
    text,
    lines: linesIn(nodes),
    commands: codeIn(nodes).filter((code) => code.startsWith('npx agent-eval ')),
    result: runResult.parse(JSON.parse(readFileSync(path.join(cwd, 'it.json'), 'utf8'))),
  }
}

/** One line for each block and each row of a table; what is closed at first has none but its title. */
function linesIn(node: Node): readonly string[] {
  if (node.nodeName === 'details') return []
  if (/^(?:h\d|p|li|tr|sub)$/.test(node.nodeName))
    return [wordsIn(node)].filter((line) => line !== '')
  return childrenOf(node).flatMap(linesIn)
}

function codeIn(node: Node): readonly string[] {
  return node.nodeName === 'code' ? [wordsIn(node)] : childrenOf(node).flatMap(codeIn)
}

/** A cell of a table is set apart from the next by a space. */
function wordsIn(node: Node): string {
  return textIn(node).replace(/\s+/g, ' ').trim()
}

function textIn(node: Node): string {
  if ('value' in node) return node.value
  const text = childrenOf(node).map(textIn).join('')
  return /^t[hd]$/.test(node.nodeName) ? `${text} ` : text
}

function childrenOf(node: Node): readonly Node[] {
  return 'childNodes' in node ? node.childNodes : []
}

/** Each part of a pasted line is a command of ours with options that its help has. */
async function expectKnown(line: string): Promise<void> {
  for (const part of line.split(' && ')) {
    const argv = wordsOf(part.replace(/^npx agent-eval /, ''))
    const depth = argv[0] === 'baseline' ? 2 : 1
    const { exitCode, stdout } = await runCli([...argv.slice(0, depth), '--help'], { cwd: root })
    expect([part, exitCode]).toEqual([part, 0])
    const known = new Set(stdout.match(/(?<=[\s,])--?[a-z][a-z-]*/g))
    for (const option of optionsOf(argv)) expect(known).toContain(option)
  }
}

/** A line as a shell would split it, where quotes hold no quotes. */
function wordsOf(line: string): readonly string[] {
  return (line.match(/(?:'[^']*'|[^\s'])+/g) ?? []).map((word) => word.replaceAll("'", ''))
}
