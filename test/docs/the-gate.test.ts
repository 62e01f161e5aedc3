import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { trialsNeeded } from '../../src/metrics/planning.ts'
import { gateConfig } from '../../src/schema/gate-config.ts'
import { folderWith, runCli } from '../cli/run-cli.ts'

const docs = path.join(import.meta.dirname, '../../docs')
const page = readFileSync(path.join(docs, 'the-gate.md'), 'utf8')

/** Code blocks of one language, as they would be pasted. */
function blocks(language: string): readonly string[] {
  const fence = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g')
  return [...page.matchAll(fence)].map(([, text = '']) => text)
}

/** Rows below a table's head, each as its cells. */
function rowsBelow(head: string): readonly (readonly string[])[] {
  const [, rest = ''] = page.split(head)
  const [table = ''] = rest.split('\n\n')
  const rows = table.split('\n').filter((line) => line.startsWith('|') && !line.startsWith('|--'))
  return rows.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

describe('docs/the-gate.md', () => {
  it('shows a gate section that an eval set may have', async () => {
    const [yaml = ''] = blocks('yaml')
    const cwd = folderWith({ 'agent-eval.yaml': 'apiVersion: agent-eval/v1\nevalsets: [set]\n' })
    cpSync(path.join(docs, '../evalsets/starter'), path.join(cwd, 'set'), { recursive: true })
    const file = path.join(cwd, 'set/evalset.yaml')
    const [before = ''] = readFileSync(file, 'utf8').split(/^gate:/m)
    writeFileSync(file, before + yaml)
    const { exitCode, stdout } = await runCli(['lint'], { cwd })
    expect(yaml).toMatch(/^gate:\n/)
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('can fail\n')])
  })

  const commands = blocks('sh').flatMap((block) => block.trim().split('\n'))

  it.each(commands)('%s is a command with these options', async (line) => {
    const words = line.replace(/^npx agent-eval /, '').split(' ')
    const names = words.filter((word) => /^[a-z]/.test(word)).slice(0, 2)
    const name = ['gate', 'baseline'].includes(names[0] ?? '') ? names : names.slice(0, 1)
    const { exitCode, stdout } = await runCli([...name, '--help'], { cwd: folderWith() })
    const options = words.filter((word) => word.startsWith('-'))
    expect(exitCode).toBe(0)
    expect(stdout).toContain(`Usage: agent-eval ${name.join(' ')} `)
    expect(options.filter((option) => !stdout.includes(` ${option}`))).toEqual([])
  })

  it('names no option that no command has', async () => {
    const cwd = folderWith()
    const names = [['run'], ['view'], ['gate', 'aa'], ['gate', 'self-test'], ['gate', 'power']]
    const helps = await Promise.all(names.map((name) => runCli([...name, '--help'], { cwd })))
    const known = helps.map(({ stdout }) => stdout).join('\n')
    const named = [...page.matchAll(/`(--[a-z-]+)/g)].map(([, option = '']) => option)
    expect(named.length).toBeGreaterThan(5)
    expect(named.filter((option) => !known.includes(` ${option}`))).toEqual([])
  })

  it('names no script that the package does not have', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(docs, '../package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>
    }
    const named = [...page.matchAll(/`npm run ([\w:]+)/g)].map(([, name = '']) => name)
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
    expect(named).not.toEqual([])
  })

  it('links to files and headings that are there', () => {
    const headings = [...page.matchAll(/^#+ (.*)$/gm)].map(([, text = '']) =>
      text
        .toLowerCase()
        .replace(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    )
    const targets = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target)
    const own = targets.filter((target) => !target.startsWith('https://'))
    const broken = own.filter((target) =>
      target.startsWith('#')
        ? !headings.includes(target.slice(1))
        : !existsSync(path.join(docs, target)),
    )
    expect(own.length).toBeGreaterThan(10)
    expect(broken).toEqual([])
  })

  it('lists every setting of the gate with its default', () => {
    const rows = rowsBelow('| setting | default | what it does |\n')
    const listed = rows.flatMap(([names = '', value = '']) =>
      names.split(', ').map((name) => [plain(name), plain(value)] as const),
    )
    const schema = z.toJSONSchema(gateConfig, { io: 'input', unrepresentable: 'any' })
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(settings(schema, '')))
  })

  it('asks for the trials that the planning of the gate asks for', () => {
    const rows = rowsBelow('| tasks done | allowed drop | 50 cases | 100 | 200 | 400 |\n')
    const wanted = rows.map(([suite = '', drop = '']) =>
      [50, 100, 200, 400].map((cases) => {
        const sigma2 = suite.startsWith('74 %') ? 0.097 : 0.02
        const margin = Number.parseInt(drop, 10) / 100
        return String(trialsNeeded({ cases, sigma2 }, { margin, alpha: 0.05 }).bothArms)
      }),
    )
    expect(rows.map((cells) => cells.slice(2))).toEqual(wanted)
    expect(rows).toHaveLength(4)
  })

  it('quotes the simulation that the benchmark is held against', () => {
    const columns = ['anyDrop', 'over2', 'z', 'regression'] as const
    const deeds = { 'nothing changed': 'unchanged', '5 points worse': 'drop5' }
    const quoted = rowsBelow(
      '| | any drop fails | more than 2 points | z-test of two rates | this gate |\n',
    )
    const found = quoted.map(([what = '']) => {
      const [, cases, trials, deed = ''] = /^(\d+).* × (\d), (.*)$/.exec(what) ?? []
      const row = simulated.rows.find(
        (one) => one.suite === 'mixed' && `${one.cases} ${one.trials}` === `${cases} ${trials}`,
      )
      return columns.map((column) => {
        const figure = `${deeds[deed as keyof typeof deeds]}.${column}`
        return row?.percent[simulated.figures.indexOf(figure)]
      })
    })
    expect(quoted.map((cells) => cells.slice(1).map(Number))).toEqual(found)
    expect(quoted).toHaveLength(4)
  })
})

const simulated = JSON.parse(
  readFileSync(path.join(docs, '../bench/calibration-table.json'), 'utf8'),
) as Simulated

interface Simulated {
  readonly figures: readonly string[]
  readonly rows: readonly {
    readonly suite: string
    readonly cases: number
    readonly trials: number
    readonly percent: readonly number[]
  }[]
}

function plain(cell: string): string {
  return cell.replaceAll('`', '')
}

type Schema = z.core.JSONSchema.BaseSchema

/** Every setting below a part of the schema, with its default as the table shows it. */
function settings(part: Schema, name: string): readonly (readonly [string, string])[] {
  if (part.properties === undefined) return [[name, defaultOf(part)]]
  return Object.entries(part.properties).flatMap(([key, below]) =>
    typeof below === 'boolean' ? [] : settings(below, name === '' ? key : `${name}.${key}`),
  )
}

function defaultOf({ default: value }: Schema): string {
  if (value === undefined) return 'none'
  return JSON.stringify(value).replaceAll('"', '').replaceAll(',', ', ')
}

describe('docs/images/the-gate.svg', () => {
  const picture = readFileSync(path.join(docs, 'images/the-gate.svg'), 'utf8')

  it('is small, says in words what it shows, and needs nothing from elsewhere', () => {
    expect(picture.length).toBeLessThan(15_000)
    expect(picture).toMatch(/<title id="t">.+<\/title>\s+<desc id="d">.+<\/desc>/)
    expect(picture).not.toMatch(/<script|<image|<foreignObject|href=|url\(|@import/)
  })
})
