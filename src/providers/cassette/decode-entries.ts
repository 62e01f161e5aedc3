import type { z } from 'zod'
import {
  type CassetteHeader,
  type CassetteLine,
  cassetteHeader,
  cassetteLine,
} from '../../schema/cassette.ts'
import type { JsonObject, JsonValue } from '../../schema/json.ts'
import type { AskedHttp, AskedModel, CassetteEntry } from './cassette-entry.ts'
import { lineageOf } from './encode-entries.ts'
import { fingerprint, withKey } from './request-key.ts'

/** What one line was, or what is wrong with it. */
export type DecodedLine =
  | { readonly ok: true; readonly header?: CassetteHeader; readonly entry?: CassetteEntry }
  | { readonly ok: false; readonly problem: string; readonly isJson: boolean }

type EntryLine = Exclude<CassetteLine, { type: 'shared' }>

/**
 * Reads the lines of a cassette, one after the other, into whole requests again.
 *
 * Each request is held against its key: a file in which a merge of two branches, or somebody's
 * editing, changed a part that later lines build on would otherwise answer to requests that nobody made.
 */
export function createEntryDecoder(): (line: string) => DecodedLine {
  const state: State = { hasHeader: false, shared: new Map(), earlier: new Map() }
  return (line) => {
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch {
      return { ok: false, problem: 'is not JSON', isJson: false }
    }
    try {
      return state.hasHeader ? decodeLine(value, state) : decodeHeader(value, state)
    } catch (error) {
      // Hostile nesting, which JSON allows without end.
      if (error instanceof RangeError) return bad('is nested too deeply')
      throw error
    }
  }
}

interface State {
  hasHeader: boolean
  readonly shared: Map<string, JsonValue>
  readonly earlier: Map<string, readonly JsonObject[]>
}

function decodeHeader(value: unknown, state: State): DecodedLine {
  const { data, error } = cassetteHeader.safeParse(value)
  if (data === undefined) return bad(`is not the first line of a cassette: ${firstIssue(error)}`)
  state.hasHeader = true
  return { ok: true, header: data }
}

function decodeLine(value: unknown, state: State): DecodedLine {
  const { error } = cassetteLine.safeParse(value)
  if (error !== undefined) return bad(`is not a line of a cassette: ${firstIssue(error)}`)
  // The value as it was read: the checked copy has lost keys such as `__proto__`.
  const line = value as CassetteLine
  if (line.type !== 'shared') return decodeEntry(line, state)
  if (fingerprint(line.value) !== line.hash) return bad('its hash is not that of its value')
  state.shared.set(line.hash, line.value)
  return { ok: true }
}

function decodeEntry(line: EntryLine, state: State): DecodedLine {
  const request = wholeRequest(line, state)
  if (typeof request === 'string') return bad(request)
  const { key, ordinal, reference, role, trial } = line
  const place = { ordinal, reference, request, role, trial }
  const asked =
    line.type === 'model'
      ? withKey<AskedModel>({ type: 'model', ...place })
      : withKey<AskedHttp>({ type: 'http', ...place, method: line.method, path: line.path })
  if (asked.key !== key) return bad('its key is not that of its request')
  return { ok: true, entry: { ...asked, reply: line.reply } as CassetteEntry }
}

/** The request with everything back in place, or what is missing. */
function wholeRequest(line: EntryLine, { earlier, shared }: State): JsonObject | string {
  const members: [string, JsonValue][] = Object.entries(line.request)
  for (const [name, hash] of Object.entries(line.shared ?? {})) {
    const value = shared.get(hash)
    if (value === undefined) return `names ${hash}, which no line above holds`
    members.push([name, value])
  }
  const items = conversationItems(line, { earlier, shared })
  if (typeof items === 'string') return items
  if (items !== undefined && line.conversation !== undefined) {
    members.push([line.conversation.in, items])
    earlier.set(lineageOf(line), items)
  }
  return Object.fromEntries(members)
}

function conversationItems(
  line: EntryLine,
  { earlier, shared }: Pick<State, 'earlier' | 'shared'>,
): readonly JsonObject[] | string | undefined {
  if (line.conversation === undefined) return undefined
  const before = earlier.get(lineageOf(line)) ?? []
  if (line.conversation.same > before.length) return 'builds on a line that is not there'
  const items = before.slice(0, line.conversation.same)
  for (const item of line.conversation.new) {
    const whole = typeof item === 'string' ? shared.get(item) : item
    if (whole === undefined) return `names ${JSON.stringify(item)}, which no line above holds`
    items.push(whole as JsonObject)
  }
  return items
}

function bad(problem: string): DecodedLine {
  return { ok: false, problem, isJson: true }
}

function firstIssue({ issues }: z.ZodError): string {
  const [issue] = issues
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `
  return `${where}${issue?.message ?? 'not of the expected form'}`
}
