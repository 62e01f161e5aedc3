import { Command } from 'commander'
import { expect, test } from 'vitest'
import { addOutputOptions } from '../../src/cli/options.ts'
import { reporters } from '../../src/report/registry.ts'
import * as examples from './examples.ts'

test('lists every format', () => {
  expect([...reporters.keys()]).toEqual([
    'terminal',
    'markdown',
    'html',
    'json',
    'github',
    'junit',
    'sarif',
  ])
})

test('the help lists them', () => {
  const { options } = addOutputOptions(new Command())
  const help = options.find(({ long }) => long === '--reporter')?.description
  expect(help).toContain(`(${[...reporters.keys()].join(', ')})`)
})

test('equal input gives equal bytes, in every state', () => {
  for (const { render } of reporters.values()) {
    for (const input of Object.values(examples.all)) {
      const text = render(input)
      expect(render(structuredClone(input))).toBe(text)
      expect(text.endsWith('\n') && !text.endsWith('\n\n')).toBe(true)
      expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/)
    }
  }
})
