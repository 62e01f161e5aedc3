import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Annotation, workflowCommand } from '../../../src/report/github/workflow-command.ts'
import { hostileTexts } from '../../text/hostile-corpus.ts'
import { commandsIn } from './actions-runner.ts'

const plain: Annotation = {
  level: 'error',
  title: 'rule broken: refunds, twice',
  message: '100 % of trials\nsecond line',
  place: { file: 'sets/a,b:c.yaml', line: 7, column: 3 },
}

describe('workflowCommand', () => {
  it('escapes what would end a property or the line', () => {
    expect(workflowCommand(plain)).toBe(
      '::error file=sets/a%2Cb%3Ac.yaml,line=7,col=3,title=rule broken%3A refunds%2C twice::100 %25 of trials%0Asecond line',
    )
  })

  it('is read by the runner as it was meant', () => {
    expect(commandsIn(workflowCommand(plain))).toEqual([
      {
        name: 'error',
        properties: {
          file: 'sets/a,b:c.yaml',
          line: '7',
          col: '3',
          title: 'rule broken: refunds, twice',
        },
        data: '100 % of trials\nsecond line',
      },
    ])
  })

  it('stays short, whatever it is told', () => {
    const long = { ...plain, title: 'x'.repeat(5_000), message: '😀'.repeat(5_000) }
    const [command] = commandsIn(workflowCommand(long))
    expect(command?.data).toBe(`${'😀'.repeat(999)}…`)
    expect(command?.properties['title']).toHaveLength(120)
  })

  it.each(hostileTexts)('is one command and no other: $name', ({ text }) => {
    expectOnlyOne(text)
  })

  it('is one command and no other, whatever the text', () => {
    const part = fc.constantFrom(
      '::',
      ':',
      '##[',
      ']',
      'error',
      'group',
      '%',
      '%0A',
      '\n',
      '\r',
      ',',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string({ unit: 'binary' }))), (parts) => {
        expectOnlyOne(parts.join(''))
      }),
      { numRuns: 300 },
    )
  })
})

function expectOnlyOne(text: string): void {
  const annotation = { ...plain, title: `title ${text}`, message: text, place: { file: text } }
  const line = workflowCommand(annotation)
  expect(line).not.toMatch(/[\r\n]/)
  const commands = commandsIn(line)
  expect(commands.map(({ name }) => name)).toEqual(['error'])
  const [{ data, properties } = { data: '', properties: {} }] = commands
  expect(Object.keys(properties).every((name) => ['file', 'title'].includes(name))).toBe(true)
  // The runner writes it to its log once more, and what shows the log reads commands from it.
  expect(commandsIn(data)).toEqual([])
  expect(commandsIn(Object.values(properties).join('\n'))).toEqual([])
}
