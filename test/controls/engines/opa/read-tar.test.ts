import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTar } from '../../../../src/controls/engines/opa/read-tar.ts'
import { headerOf, memberOf, tarOf } from './bundle-of.ts'

function filesIn(archive: Uint8Array): Record<string, string> {
  const read = readTar(archive)
  if (!read.ok) throw new Error(read.error)
  return Object.fromEntries(
    [...read.files].map(([name, bytes]) => [name, new TextDecoder().decode(bytes)]),
  )
}

const together = (...parts: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(Buffer.concat(parts))
const end = Buffer.alloc(1024)

describe('readTar', () => {
  it('reads what a library writes, without what stands before a name', () => {
    const text = 'x'.repeat(700)
    const members = {
      '/policy.wasm': text,
      './data.json': '{}',
      'a//b/./c.rego': '',
      '/.manifest': 'm',
    }
    expect(filesIn(tarOf(members))).toEqual({
      'policy.wasm': text,
      'data.json': '{}',
      'a/b/c.rego': '',
      '.manifest': 'm',
    })
  })

  it('gives back any files', () => {
    const name = fc.stringMatching(/^[a-z]{1,20}(\/[a-z]{1,20}){0,3}\.[a-z]{1,3}$/)
    const file = fc.uint8Array({ minLength: 1, maxLength: 2_000 })
    fc.assert(
      fc.property(fc.dictionary(name, file, { maxKeys: 6 }), (members) => {
        const read = readTar(tarOf(members))
        expect(read.ok && new Map(read.files)).toEqual(new Map(Object.entries(members)))
      }),
    )
  })

  it('knows long names, as pax and GNU write them, and the prefix of POSIX', () => {
    const long = `${'deep/'.repeat(60)}data.json`
    const record = ` path=${long}\n`
    const pax = `${record.length + 3}${record}`
    const prefixed = Buffer.from(headerOf('data.json', 0))
    prefixed.write('support/limits', 345)
    const sum = prefixed.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 32 : byte), 0)
    prefixed.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    expect(
      filesIn(
        together(
          memberOf('pax', 'comment=all\n', 'g'),
          memberOf('pax', pax, 'x'),
          memberOf('short', 'one'),
          memberOf('././@LongLink', `${long}2\0`, 'L'),
          memberOf('short', 'two'),
          memberOf('short', 'three'),
          prefixed,
          end,
        ),
      ),
    ).toEqual({
      [long]: 'one',
      [`${long}2`]: 'two',
      short: 'three',
      'support/limits/data.json': '',
    })
  })

  it('needs no end, and passes over folders', () => {
    expect(filesIn(together(headerOf('folder/', 0, '5'), memberOf('a', 'b')))).toEqual({ a: 'b' })
    expect(filesIn(new Uint8Array())).toEqual({})
  })

  it.each([
    ['a way out', memberOf('../policy.wasm', 'x'), '"../policy.wasm" is no name in a bundle'],
    ['a way out behind a slash', memberOf('/../policy.wasm', 'x'), /is no name in a bundle/],
    ['a way out in the middle', memberOf('a/../policy.wasm', 'x'), /is no name in a bundle/],
    [
      'a way out in a long name',
      together(memberOf('n', '../x\0', 'L'), memberOf('y', '')),
      /"..\/x" is no name/,
    ],
    [
      'a way out by pax',
      together(memberOf('n', '14 path=../x\n', 'x'), memberOf('y', '')),
      /"..\/x" is no name/,
    ],
    ['no name', memberOf('/', 'x'), /is no name in a bundle/],
    [
      'two of one name',
      together(memberOf('/a', '1'), memberOf('./a', '2')),
      'it has two files called "a"',
    ],
    ['a link', headerOf('policy.wasm', 0, '2'), '"policy.wasm" is not a file'],
    ['a hard link', headerOf('policy.wasm', 0, '1'), '"policy.wasm" is not a file'],
    ['a device', headerOf('policy.wasm', 0, '3'), '"policy.wasm" is not a file'],
    ['a size beyond the end', headerOf('a', 1000), 'it is cut short'],
    ['a size below zero', headerOf('a', '-0000000777\0'), 'it is no tar archive'],
    ['a size in binary', headerOf('a', '\u0080\0\0\0\0\0\0\0\0\0\u0001\0'), 'it is no tar archive'],
    ['no size', headerOf('a', '\0\0\0\0\0\0\0\0\0\0\0\0'), 'it is no tar archive'],
    ['something else', Buffer.from('PK\u0003\u0004'.padEnd(600, 'x')), 'it is no tar archive'],
  ])('refuses %s', (_, archive, error) => {
    expect(readTar(archive)).toEqual({
      ok: false,
      error: typeof error === 'string' ? error : (expect.stringMatching(error) as string),
    })
  })

  it('sees that a header was changed', () => {
    const archive = memberOf('policy.wasm', 'x')
    archive[0] = 'q'.charCodeAt(0)
    expect(readTar(archive)).toEqual({ ok: false, error: 'it is no tar archive' })
  })

  it('comes to an end whatever it is given', () => {
    const archive = tarOf({ '/policy.wasm': 'x'.repeat(600), '/data.json': '{}' })
    fc.assert(
      fc.property(
        fc.nat(archive.length - 1),
        fc.nat(255),
        fc.nat(archive.length),
        (at, byte, cut) => {
          const changed = archive.slice(0, cut)
          if (at < cut) changed[at] = byte
          expect(typeof readTar(changed).ok).toBe('boolean')
        },
      ),
    )
  })
})
