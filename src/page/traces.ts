import type { PageData, PageTrace } from '../schema/page-data.ts'
import type { Outside } from './browser.ts'

/** The traces a page can show. */
export interface Traces {
  /** The trace of a trial: from the page, or asked for once. Rejects with a reason for people. */
  readonly load: (key: string) => Promise<PageTrace>
  readonly update: (data: PageData) => void
}

/** @param outside - asked only on a served page: a page from a file never asks anybody */
export function makeTraces(outside: Pick<Outside, 'fetchJson'>): Traces {
  const known = new Map<string, Promise<PageTrace>>()
  let isServed = false
  return { load, update }

  function update({ served, traces }: PageData): void {
    isServed = served !== undefined
    for (const trace of traces) known.set(trace.key, Promise.resolve(trace))
  }

  function load(key: string): Promise<PageTrace> {
    const before = known.get(key)
    if (before !== undefined) return before
    if (!isServed) return Promise.reject(new Error('its trace is not on this page'))
    const asked = outside.fetchJson(`trial?key=${encodeURIComponent(key)}`) as Promise<PageTrace>
    known.set(key, asked)
    // What failed once may work when it is asked for again.
    asked.catch(() => known.delete(key))
    return asked
  }
}
