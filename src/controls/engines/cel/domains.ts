import { truncate } from '../../../text/truncate.ts'
import type { Demand } from './demand.ts'
import { canonicalHost, type FoundHost, hostsIn } from './hosts-in.ts'
import type { Seen } from './seen.ts'

/** Longer names are cut in a reason. */
const longestShown = 100

/** No scheme, no port, no path. */
const bareHost = /^(?:[\p{L}\p{N}\p{M}_.-]+|\[[\da-f:.]+\])$/iu

/**
 * `domains`: every address in what the rule sees leads to one of these domains; see `hostsIn` for what
 * is taken for an address. `*.example.com` covers all below `example.com` and not `example.com` itself.
 *
 * What looks like an address and cannot be read leads nowhere that is allowed.
 */
export function domainsDemand(entries: readonly string[]): Demand {
  const isAllowed = allowedBy(entries)
  return {
    expressions: [],
    ask({ seen }) {
      if (seen === undefined) return { kept: false, error: 'there is nothing said to look at' }
      const found = firstElsewhere(seen, isAllowed)
      if (found === undefined) return { kept: true, why: 'every address is on an allowed domain' }
      const { host, written } = found
      const name = JSON.stringify(truncate(host ?? written, longestShown))
      const why = host === undefined ? 'is no address that can be read' : 'is not an allowed domain'
      return { kept: false, why: `${name} ${why}`, finding: true }
    },
  }
}

/** The first is enough, and nobody has to look at a million of them. */
function firstElsewhere(seen: Seen, isAllowed: (host: string) => boolean): FoundHost | undefined {
  for (const text of seen.texts()) {
    for (const found of hostsIn(text)) {
      if (found.host === undefined || !isAllowed(found.host)) return found
    }
  }
  return undefined
}

function allowedBy(entries: readonly string[]): (host: string) => boolean {
  const exact = new Set<string>()
  const below: string[] = []
  for (const entry of entries) {
    const isBelow = entry.startsWith('*.')
    const name = isBelow ? entry.slice(2) : entry
    const host = bareHost.test(name) ? canonicalHost(name) : undefined
    // An entry that is no domain allows nothing.
    if (host === undefined) continue
    if (isBelow) below.push(`.${host}`)
    else exact.add(host)
  }
  return (host) => exact.has(host) || below.some((suffix) => host.endsWith(suffix))
}
