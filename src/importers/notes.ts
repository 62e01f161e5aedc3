/** What a reader must know beside the numbers, with how many runs each note concerns. */
export interface Notes {
  /** @param runs - how many runs it concerns; one by default */
  add(note: string, runs?: number): void
  lines(): readonly string[]
}

export function createNotes(): Notes {
  const counts = new Map<string, number>()
  return {
    add(note, runs = 1) {
      counts.set(note, (counts.get(note) ?? 0) + runs)
    },
    lines: () =>
      [...counts].sort().map(([note, runs]) => `${runs} ${runs === 1 ? 'run' : 'runs'}: ${note}`),
  }
}
