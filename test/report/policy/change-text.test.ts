import { expect, test } from 'vitest'
import { changeText } from '../../../src/report/policy/change-text.ts'
import { sayInTerminal as say } from '../../../src/report/say.ts'

const long = Array.from({ length: 40 }, (_, index) => `issues.tool-${index}`)

test('of a list only what came and went', () => {
  const was = JSON.stringify(long)
  const change = (now: readonly unknown[]): string =>
    changeText({ what: 'tools.allowlist', was, now: JSON.stringify(now) }, say)
  expect(change([...long, 'pulls.merge'])).toBe('tools.allowlist: added pulls.merge')
  expect(change([...long.slice(1), 'a\u001b[31m', { b: 1 }])).toBe(
    'tools.allowlist: added a, {"b":1}; removed issues.tool-0',
  )
  expect(change(long.toReversed())).toContain('in another order or number')
})

test('of long texts the first part that differs, and both stay short', () => {
  const same = 'x'.repeat(300)
  const text = changeText({ what: 'cap', was: `${same}50${same}`, now: `${same}500` }, say)
  expect(text).toContain(`…${'x'.repeat(18)}500`)
  expect(text).toContain(`…${'x'.repeat(18)}50xx`)
  expect(text.length).toBeLessThan(220)
})

test('a condition that begins with a bracket is no list', () => {
  expect(changeText({ what: 'a', was: '[1, 2', now: '[1]' }, say)).toBe('a was [1, 2 and is [1]')
})
