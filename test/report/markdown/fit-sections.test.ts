import { expect, test } from 'vitest'
import { fitSections } from '../../../src/report/markdown/fit-sections.ts'

const sections = [
  { name: 'head', text: 'head' },
  { name: 'second', text: 'second'.repeat(20), dropOrder: 2 },
  { name: 'first', text: 'first'.repeat(20), short: 'short', dropOrder: 1 },
  { name: 'empty', text: '', dropOrder: 0 },
  { name: 'foot', text: 'foot' },
]

function fit(maxBytes: number): string {
  return fitSections(sections, maxBytes, (missing) => `without ${missing.join(', ')}`)
}

test('keeps everything where it fits', () => {
  expect(fit(1000)).toBe(`head\n\n${'second'.repeat(20)}\n\n${'first'.repeat(20)}\n\nfoot\n`)
})

test('leaves out whole sections in their order and says which, before the last', () => {
  expect(fit(200)).toBe(`head\n\n${'second'.repeat(20)}\n\nshort\n\nwithout first\n\nfoot\n`)
  expect(fit(100)).toBe('head\n\nshort\n\nwithout first, second\n\nfoot\n')
})

test('counts bytes, not characters', () => {
  const wide = [{ name: 'wide', text: 'é'.repeat(10), dropOrder: 1 }]
  expect(fitSections(wide, 15, () => 'x')).toBe('x\n')
})
