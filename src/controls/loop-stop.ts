/** Cycles longer than this are not looked for: an agent that long in a circle hits a budget. */
const longestCycle = 4

/**
 * Whether the end of a history goes in circles: the same step, or a cycle of up to four steps,
 * `repeats` times in a row. A step is a call together with its answer, so that polling which
 * sees something new is no loop.
 *
 * @param history - one text per call and answer, oldest first
 * @param repeats - how often in a row makes a loop; at least 2
 */
export function endsInLoop(history: readonly string[], repeats: number): boolean {
  for (let length = 1; length <= longestCycle; length++) {
    if (history.length >= length * repeats && cycles(history, { length, repeats })) return true
  }
  return false
}

function cycles(
  history: readonly string[],
  cycle: { readonly length: number; readonly repeats: number },
): boolean {
  const end = history.length
  for (let back = cycle.length + 1; back <= cycle.length * cycle.repeats; back++) {
    if (history[end - back] !== history[end - back + cycle.length]) return false
  }
  return true
}
