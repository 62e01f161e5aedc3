import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderWith, runCli } from '../cli/run-cli.ts'

const root = new URL('../../', import.meta.url).pathname

/** The YAML of a document that begins with these words, each as it would be pasted. */
function snippets(file: string, beginning: RegExp): readonly string[] {
  const text = readFileSync(path.join(root, file), 'utf8')
  return [...text.matchAll(/```yaml\n([\s\S]*?)```/g)]
    .map(([, yaml = '']) => yaml)
    .filter((yaml) => beginning.test(yaml))
}

/** A project with one of our eval sets, of which only these cases are there. */
function projectWith(set: string, cases: Readonly<Record<string, string>>): string {
  const cwd = folderWith({ 'agent-eval.yaml': 'apiVersion: agent-eval/v1\nevalsets: [set]\n' })
  cpSync(path.join(root, 'evalsets', set), path.join(cwd, 'set'), { recursive: true })
  if (set !== 'starter') rmSync(path.join(cwd, 'set/cases'), { recursive: true })
  for (const [file, text] of Object.entries(cases)) {
    mkdirSync(path.dirname(path.join(cwd, 'set/cases', file)), { recursive: true })
    writeFileSync(path.join(cwd, 'set/cases', file), text)
  }
  return cwd
}

describe('what the documents show', () => {
  const guide = snippets('docs/writing-evals.md', /^- id:/)

  it('is more than one case', () => {
    expect(guide.length).toBeGreaterThanOrEqual(6)
  })

  it.each(guide.map((yaml) => [/id: (\S+)/.exec(yaml)?.[1] ?? '', yaml] as const))(
    'the guide: %s is lint-clean in the project that init writes',
    async (id, yaml) => {
      const layer = yaml.includes('attack:') ? 'adversarial' : 'outcome'
      const cwd = projectWith('starter', { [`${layer}/mine.yaml`]: yaml })
      const { exitCode, stdout } = await runCli(['lint', '--case', id], { cwd })
      expect([exitCode, stdout]).toEqual([0, expect.stringContaining('can fail\n')])
    },
  )

  it('the README: a case of four keys is lint-clean in the shop', async () => {
    const [yaml = ''] = snippets('README.md', /^id: refund\.damaged/)
    const cwd = projectWith('support-refund', { 'outcome/mine.yaml': yaml })
    const evalset = path.join(cwd, 'set/evalset.yaml')
    writeFileSync(evalset, readFileSync(evalset, 'utf8').replace(/^weights:\n.*\n/m, ''))
    const { exitCode, stdout } = await runCli(['lint'], { cwd })
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('1 case can fail\n')])
  })

  it('the README: its leaky case has the finding that it shows', async () => {
    const [yaml = ''] = snippets('README.md', /^- id: cancel\.chair/)
    const cwd = projectWith('starter', { 'outcome/mine.yaml': yaml })
    const { exitCode, stdout } = await runCli(['lint', '--case', 'cancel.chair'], { cwd })
    expect(exitCode).toBe(1)
    expect(stdout).toContain('an agent that passes reason "too_late" instead of "changed_mind" to')
  })
})
