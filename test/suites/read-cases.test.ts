import { describe, expect, it } from 'vitest'
import { readCases } from '../../src/suites/read-cases.ts'
import { renderProblems } from '../../src/suites/render-problems.ts'

function aLine(id: string, more = ''): string {
  return `{"id":"${id}","ask":"x","expect":{"says":[{"any":"y"}]},"oracle":[{"say":"y"}]${more}}`
}

function aCase(id: string): string {
  return `id: ${id}\nask: x\nexpect: { says: [{ any: y }] }\noracle: [{ say: y }]\n`
}

function indented(text: string, lead: string): string {
  return `${lead}${text.trimEnd().replaceAll('\n', `\n${' '.repeat(lead.length)}`)}\n`
}

/** Ids with their lines. */
function found(text: string, file: string): readonly string[] {
  const { cases, problems } = readCases({ text, file })
  if (problems.length > 0) throw new Error(renderProblems(problems))
  return cases.map(({ written, position }) => `${written.id}:${position.line}`)
}

function told(text: string, file: string): string {
  return renderProblems(readCases({ text, file }).problems)
}

describe('a file', () => {
  it('is one case, a list, or a mapping with cases', () => {
    expect(found(`# one\n${aCase('a')}`, 'f.yaml')).toEqual(['a:2'])
    expect(found(indented(aCase('a'), '- ') + indented(aCase('b'), '- '), 'f.yml')).toEqual([
      'a:1',
      'b:5',
    ])
    const list = indented(aCase('a'), '  - ') + indented(aCase('b'), '  - ')
    expect(found(`apiVersion: agent-eval/v1\ncases:\n${list}`, 'f.yaml')).toEqual(['a:3', 'b:7'])
  })

  it('may be JSON in the same forms', () => {
    expect(found(aLine('a'), 'f.json')).toEqual(['a:1'])
    expect(found(`[\n${aLine('a')},\n${aLine('b')}\n]`, 'f.json')).toEqual(['a:2', 'b:3'])
    expect(found(`{"cases": [\n${aLine('a')}]}`, 'f.json')).toEqual(['a:2'])
  })

  it('of JSON Lines is a case a line; empty lines do not count', () => {
    expect(found(`\ufeff${aLine('a')}\r\n\r\n${aLine('b')}\n`, 'f.jsonl')).toEqual(['a:1', 'b:3'])
  })

  it('without a case is a mistake', () => {
    expect(told('', 'f.yaml')).toBe('f.yaml: the file is empty\n')
    expect(told('[]', 'f.yaml')).toContain('f.yaml:1:1: there is no case here')
    expect(told('cases: []', 'f.yaml')).toContain('f.yaml:1:8 cases: needs at least 1 entry')
    expect(told('\n\n', 'f.jsonl')).toContain('f.jsonl:1:1: there is no case here')
  })
})

describe('problems', () => {
  it('have the place in the file, in each form', () => {
    const wrong = aCase('a').replace('ask', 'aks')
    expect(told(wrong, 'f.yaml')).toMatchInlineSnapshot(`
      "f.yaml:1:1: a case has either \`ask\` or \`conversation\` or \`user\`
      > 1 | id: a
          | ^
      f.yaml:2:1 aks: unknown key "aks"; did you mean "ask"?
        1 | id: a
      > 2 | aks: x
          | ^
      "
    `)
    expect(told(indented(aCase('b'), '- ') + indented(wrong, '- '), 'f.yaml')).toContain(
      'f.yaml:6:3 1.aks: unknown key "aks"; did you mean "ask"?',
    )
    expect(told(`version: 1\ncases:\n${indented(wrong, '  - ')}`, 'f.yaml')).toMatchInlineSnapshot(`
      "f.yaml:1:1 version: unknown key "version"; known: apiVersion, kind, cases
      > 1 | version: 1
          | ^
      f.yaml:3:5 cases.0: a case has either \`ask\` or \`conversation\` or \`user\`
        2 | cases:
      > 3 |   - id: a
          |     ^
      f.yaml:4:5 cases.0.aks: unknown key "aks"; did you mean "ask"?
        3 |   - id: a
      > 4 |     aks: x
          |     ^
      "
    `)
  })

  it('have the line of JSON Lines, and the cases beside them are read', () => {
    const text = [aLine('a'), aLine('b', ',"trails":3'), '', '{"id":"c",', aLine('d')].join('\n')
    const { cases, problems } = readCases({ text, file: 'f.jsonl' })
    expect(cases.map(({ written }) => written.id)).toEqual(['a', 'd'])
    expect(renderProblems(problems)).toMatchInlineSnapshot(`
      "f.jsonl:2:76 trails: unknown key "trails"; did you mean "trials"?
      > 2 | {"id":"b","ask":"x","expect":{"says":[{"any":"y"}]},"oracle":[{"say":"y"}],"trails":3}
          |                                                                            ^
      f.jsonl:4:11: syntax error: Flow map must end with a }
      > 4 | {"id":"c",
          |           ^
      "
    `)
  })

  it('can be told of a case later', () => {
    const { cases } = readCases({ text: `\n${aLine('a')}`, file: 'f.jsonl' })
    const problem = cases[0]?.problem({ path: ['oracle', 0, 'say'], message: 'is wrong' })
    expect(renderProblems(problem === undefined ? [] : [problem])).toMatchInlineSnapshot(`
      "f.jsonl:2:70 oracle.0.say: is wrong
      > 2 | {"id":"a","ask":"x","expect":{"says":[{"any":"y"}]},"oracle":[{"say":"y"}]}
          |                                                                      ^
      "
    `)
  })
})
