/** Names that reach an object's prototype somewhere; no document of ours needs them. */
const forbidden = new Set(['__proto__', 'constructor', 'prototype'])

/** Whether a key could change objects it does not stand in. Such keys are refused everywhere. */
export function isForbiddenKey(key: string): boolean {
  return forbidden.has(key)
}
