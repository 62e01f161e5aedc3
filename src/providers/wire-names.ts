import { sha256 } from '../text/hash.ts'

/** What OpenAI and Anthropic both take as the name of a tool. */
const allowed = /^[a-zA-Z0-9_-]{1,64}$/
const maxLength = 64
const digits = 8

/** Names of tools as a service takes them, and back. */
export interface WireNames {
  readonly toWire: (name: string) => string
  /** A name that stands for no tool comes back as the model wrote it. */
  readonly fromWire: (name: string) => string
}

/**
 * Gives every tool a name that services allow: `crm.read_ticket` becomes `crm_read_ticket`. No two
 * tools share one. A name that is allowed as it stands stays, whatever else there is.
 *
 * @param tools - those that the model is offered; they get the same names in every request
 * @param used - names that the conversation holds besides, such as tools that never existed
 */
export function wireNames(tools: readonly string[], used: readonly string[] = []): WireNames {
  const wires = new Map<string, string>()
  const originals = new Map<string, string>()
  const add = (name: string): void => {
    if (wires.has(name)) return
    const wire = freeName(name, originals)
    wires.set(name, wire)
    originals.set(wire, name)
  }
  const isAllowed = (name: string): boolean => allowed.test(name)
  const sorted = [...new Set(tools)].sort()
  for (const name of sorted.filter(isAllowed)) add(name)
  for (const name of sorted) add(name)
  for (const name of [...new Set(used)].sort()) add(name)
  return {
    toWire: (name) => wires.get(name) ?? freeName(name, originals),
    fromWire: (wire) => originals.get(wire) ?? wire,
  }
}

function freeName(name: string, taken: ReadonlyMap<string, string>): string {
  const plain = name.replaceAll(/[^a-zA-Z0-9_-]/g, '_')
  if (allowed.test(plain) && !taken.has(plain)) return plain
  const stem = plain.slice(0, maxLength - digits - 1)
  for (let round = 0; ; round += 1) {
    const wire = `${stem}_${sha256(`${round}:${name}`).slice(0, digits)}`
    if (!taken.has(wire)) return wire
  }
}

/** What services take as the id of a call; OpenAI allows 40 characters. */
const allowedId = /^[a-zA-Z0-9_-]{1,40}$/

/** A call's id as services take it: the same for a call and its result. */
export function wireId(callId: string): string {
  return allowedId.test(callId) ? callId : `call_${sha256(callId).slice(0, 24)}`
}
