import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { folderWith, writeFiles } from '../cli/run-cli.ts'

export const root = path.join(import.meta.dirname, '..', '..')
const bundled = path.join(root, 'evalsets', 'support-refund')

/** What of the bundled set the tests of an agent need. */
export interface Shop {
  /** Files of `cases/`, such as `outcome/refund-full.yaml`. */
  readonly cases: readonly string[]
  /** Of the project, besides its eval set; JSON is YAML. */
  readonly project?: object
  /** Of the eval set. */
  readonly gate?: object
}

/** A project with the bundled refund set, some of its cases only, and these files beside it. */
export function shopWith(
  { cases, gate = {}, project = {} }: Shop,
  files: Readonly<Record<string, string>>,
): string {
  const cwd = folderWith(files)
  const parts = ['world.yaml', 'policy.yaml', 'injections.yaml', ...cases.map(inCases)]
  for (const name of parts) {
    const file = path.join(cwd, 'shop', name)
    mkdirSync(path.dirname(file), { recursive: true })
    cpSync(path.join(bundled, name), file)
  }
  writeFiles(cwd, {
    'agent-eval.yaml': JSON.stringify({
      apiVersion: 'agent-eval/v1',
      evalsets: ['shop'],
      ...project,
    }),
    'shop/evalset.yaml': JSON.stringify({
      apiVersion: 'agent-eval/v1',
      kind: 'EvalSet',
      id: 'shop',
      version: '1',
      gate,
    }),
  })
  return cwd
}

function inCases(name: string): string {
  return path.join('cases', name)
}

/** A candidate file around these settings of its agent. */
export function candidateFile(agent: object): string {
  return JSON.stringify({ agent: { name: 'own_agent', ...agent } })
}

const fence = /^```\w+\n(?:#|\/\/) (\S+)\n([\s\S]*?)^```$/gm

/** The files that the guide shows: blocks whose first line is a comment with nothing but a path. */
export function guideFiles(): Readonly<Record<string, string>> {
  const text = readFileSync(path.join(root, 'docs/own-agents.md'), 'utf8')
  return Object.fromEntries(
    [...text.matchAll(fence)].map(([, name = '', body = '']) => [name, body]),
  )
}

/** Those of them, each of which must be there. */
export function fromGuide(...names: readonly string[]): Record<string, string> {
  const files = guideFiles()
  return Object.fromEntries(
    names.map((name) => {
      const body = files[name]
      if (body === undefined) throw new Error(`the guide shows no ${name}`)
      return [name, body]
    }),
  )
}
