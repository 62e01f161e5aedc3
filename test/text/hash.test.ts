import { describe, expect, it } from 'vitest'
import { hashOf, sha256 } from '../../src/text/hash.ts'

describe('sha256', () => {
  it('gives the known answers', () => {
    // NIST FIPS 180-4 examples.
    expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })

  it('hashes UTF-8', () => {
    expect(sha256('é')).toBe('4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c')
  })
})

describe('hashOf', () => {
  it('says how it was made and ignores the order of keys', () => {
    expect(hashOf({ b: 1, a: [true] })).toBe(hashOf({ a: [true], b: 1 }))
    expect(hashOf({})).toBe('sha256:44136fa355b3678a')
  })

  it('tells near values apart', () => {
    const values = [1, '1', [1], { a: 1 }, { a: '1' }, null, 'null', '', [], {}, [[]]]
    expect(new Set(values.map(hashOf)).size).toBe(values.length)
  })
})
