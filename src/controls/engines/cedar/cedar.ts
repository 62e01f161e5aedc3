import type * as library from '@cedar-policy/cedar-wasm/nodejs'

/** What Cedar's own library offers. */
export type Cedar = typeof library

/**
 * Loads Cedar, which takes 50 ms and 50 MB: only where a policy of it is opened.
 *
 * Its entry for Node: the main one cannot be loaded there. It finds its `.wasm` beside itself, so it
 * must never be bundled.
 */
export async function loadCedar(): Promise<Cedar> {
  return await import('@cedar-policy/cedar-wasm/nodejs')
}
