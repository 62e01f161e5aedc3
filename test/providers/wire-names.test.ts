import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wireId, wireNames } from '../../src/providers/wire-names.ts'

const allowed = /^[a-zA-Z0-9_-]{1,64}$/

/** Names that meet each other: few letters, dots and underscores, some far too long. */
const name = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', '.', '_', '-'), minLength: 1, maxLength: 5 }),
  fc.string({ unit: fc.constantFrom('a', '.'), minLength: 60, maxLength: 90 }),
  fc.string({ minLength: 0, maxLength: 10 }),
)

describe('wireNames', () => {
  it('keeps what is allowed and writes dots as underscores', () => {
    const { fromWire, toWire } = wireNames(['crm.read_ticket', 'lookup'])
    expect(toWire('crm.read_ticket')).toBe('crm_read_ticket')
    expect(toWire('lookup')).toBe('lookup')
    expect(fromWire('crm_read_ticket')).toBe('crm.read_ticket')
    expect(fromWire('made_up')).toBe('made_up')
    expect(fromWire('crm.read_ticket')).toBe('crm.read_ticket')
  })

  it('lets a tool keep its name from one that would be written like it', () => {
    const { toWire } = wireNames(['a.b', 'a_b'])
    expect(toWire('a_b')).toBe('a_b')
    expect(toWire('a.b')).toMatch(/^a_b_[0-9a-f]{8}$/)
  })

  it('gives every tool an allowed name of its own, and finds the way back', () => {
    fc.assert(
      fc.property(fc.array(name), fc.array(name), (tools, used) => {
        const names = wireNames(tools, used)
        const all = [...new Set([...tools, ...used])]
        const wires = all.map(names.toWire)
        expect(new Set(wires).size).toBe(all.length)
        for (const wire of wires) expect(wire).toMatch(allowed)
        expect(wires.map(names.fromWire)).toEqual(all)
      }),
    )
  })

  it('gives tools the same names whatever their order and whatever was called besides', () => {
    fc.assert(
      fc.property(fc.array(name), fc.array(name), (tools, used) => {
        const plain = wireNames(tools)
        const other = wireNames([...tools].reverse(), used)
        expect(tools.map(other.toWire)).toEqual(tools.map(plain.toWire))
      }),
    )
  })
})

describe('wireId', () => {
  it('keeps ids that services take and makes others of every kind', () => {
    expect(wireId('call_9-a')).toBe('call_9-a')
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(wireId(a)).toMatch(/^[a-zA-Z0-9_-]{1,40}$/)
        expect(wireId(a) === wireId(b)).toBe(a === b)
      }),
    )
  })
})
