import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { errorExcerpt } from '../../../src/replay/targets/error-excerpt.ts'
import { withoutFolder } from '../../../src/replay/targets/without-folder.ts'

describe('what a program wrote before it fell', () => {
  it('begins with the cause, however much stands before it', () => {
    const frames = Array.from({ length: 30 }, (_, line) => `  File "agent.py", line ${line}`)
    const text = ['Traceback (most recent call last):', ...frames, 'ValueError: boom', ''].join(
      '\n',
    )
    expect(errorExcerpt(text)).toMatch(/^ValueError: boom \(….*File "agent\.py", line 29\)$/)
  })

  it('begins with the error where Node ends with its version', () => {
    const text = `agent.mjs:1
throw 1
^

Error: no model
    at run (agent.mjs:1:2) {
  code: 'NONE'
}

Node.js v20.0.0
`
    expect(errorExcerpt(text)).toBe(
      "Error: no model (agent.mjs:1 | throw 1 | ^ | code: 'NONE' | } | Node.js v20.0.0)",
    )
  })

  it('is nothing where there is nothing', () => {
    expect(errorExcerpt(' \n\n')).toBe('')
  })

  it('is short, and begins with its last line', () => {
    const line = fc.stringMatching(/^[a-z]{1,200}$/)
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), (lines) => {
        const excerpt = errorExcerpt(lines.join('\n'))
        expect(excerpt.startsWith(lines.at(-1) ?? '')).toBe(true)
        expect(excerpt.length).toBeLessThan(610)
      }),
    )
  })
})

describe('a text without a folder', () => {
  it('names its files relative to it', () => {
    expect(withoutFolder('at /a b/c.js and file:///a%20b/d.js', '/a b')).toBe('at c.js and d.js')
    expect(withoutFolder('C:\\x\\c.js file:///C:/x/d.js', 'C:\\x')).toBe('c.js d.js')
    expect(withoutFolder('/etc/passwd', '/')).toBe('/etc/passwd')
  })
})
