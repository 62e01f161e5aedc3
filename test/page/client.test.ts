import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { builtAssets } from './built-assets.ts'

const { script, style } = builtAssets
const folder = path.join(import.meta.dirname, '../../src/page')
const sources = readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(path.join(folder, name), 'utf8') }))

describe("the page's client", () => {
  test('is at most 100 KB, script and style together', () => {
    expect(Buffer.byteLength(script)).toBeGreaterThan(10_000)
    expect(Buffer.byteLength(script) + Buffer.byteLength(style)).toBeLessThanOrEqual(100_000)
  })

  test('stands in a page: nothing in it ends a script or a style', () => {
    expect(script).not.toMatch(/<\/script|<!--|<script/i)
    expect(style).not.toMatch(/<\/style|<!--|@import|url\(/i)
  })

  test('makes elements and text nodes, and reads nothing as HTML or as code', () => {
    const live =
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|setHTML|DOMParser|createContextualFragment|\beval\(|new Function|srcdoc|javascript:/
    expect(sources.length).toBeGreaterThan(30)
    expect(sources.filter(({ text }) => live.test(text)).map(({ name }) => name)).toEqual([])
    expect(script).not.toMatch(live)
  })

  test('reaches the network, the clock and storage in one place', () => {
    const outside =
      /\bfetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|setTimeout|localStorage/
    expect(sources.filter(({ text }) => outside.test(text)).map(({ name }) => name)).toEqual([
      'browser.ts',
    ])
  })

  test('moves nothing by itself, so that nothing has to be reduced', () => {
    expect(style).not.toMatch(/transition|animation|smooth/)
    expect(script).not.toContain('smooth')
  })
})
