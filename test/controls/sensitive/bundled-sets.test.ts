import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { findSensitive } from '../../../src/controls/sensitive/find-sensitive.ts'
import { textsIn } from '../../../src/controls/sensitive/texts-in.ts'
import type { JsonValue } from '../../../src/schema/json.ts'
import { kindsIn } from './kinds-in.ts'

const folder = new URL('../../../evalsets/', import.meta.url)

function textsOfSets(): readonly string[] {
  const files = readdirSync(folder, { recursive: true }).map(String)
  return files
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => parseAllDocuments(readFileSync(new URL(file, folder), 'utf8')))
    .flatMap((document) => [...textsIn(document.toJS() as JsonValue)])
}

describe('the texts of the bundled sets', () => {
  it('hold addresses and nothing else that looks personal or secret', async () => {
    const texts = textsOfSets()
    const found = await Promise.all(texts.map(findSensitive))
    const isAddress = /[\w.]+@[\w.]+\.(?:com|org|net|example)\b/
    for (const [index, findings] of found.entries()) {
      const text = texts[index] ?? ''
      expect(kindsIn(findings), text).toEqual(isAddress.test(text) ? ['email'] : [])
    }
    expect(texts.length).toBeGreaterThan(3_000)
  })
})
