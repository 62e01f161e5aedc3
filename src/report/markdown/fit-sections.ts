/** A part of a report that may be left out when the whole gets too large. */
export interface Section {
  /** What a reader misses without it. */
  readonly name: string
  readonly text: string
  /** Left out in ascending order; a section without it always stays. */
  readonly dropOrder?: number
  /** What stands there instead, when the text is left out. */
  readonly short?: string
}

/**
 * Joins sections by empty lines, leaving out whole ones in their fixed order until the text fits,
 * and says at the place of `notice` what is missing.
 *
 * @param maxBytes - in UTF-8; the sections that always stay must fit by themselves
 */
export function fitSections(
  sections: readonly Section[],
  maxBytes: number,
  notice: (missing: readonly string[]) => string,
): string {
  const droppable = sections
    .filter(({ dropOrder }) => dropOrder !== undefined)
    .toSorted((a, b) => (a.dropOrder ?? 0) - (b.dropOrder ?? 0))
  for (let dropped = 0; dropped <= droppable.length; dropped += 1) {
    const without = droppable.slice(0, dropped)
    const text = join(sections, without, notice)
    if (bytesOf(text) <= maxBytes || dropped === droppable.length) return text
  }
  return ''
}

function join(
  sections: readonly Section[],
  without: readonly Section[],
  notice: (missing: readonly string[]) => string,
): string {
  const kept = sections.map((section) =>
    without.includes(section) ? (section.short ?? '') : section.text,
  )
  const names = without.filter(({ text }) => text !== '').map(({ name }) => name)
  if (names.length > 0) kept.splice(-1, 0, notice(names))
  return `${kept.filter((text) => text !== '').join('\n\n')}\n`
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}
