/** Colours as `paint.ts` writes them, and no other sequence. */
const ownColours = /\u001b\[(?:0|1|2|31|32|33)m/g

/** What a live region does: back to its first line, and away with the rest of each. */
const ownMovements = /\r\u001b\[\d{1,2}A|\u001b\[[JK]|\r(?!\n)/g

/** Joiners that emoji and Indic scripts need, between two characters that are not ASCII. */
const harmlessJoiners = /(?<=[^\u0000-\u007f])[\u200c\u200d](?=[^\u0000-\u007f])/gu

/** Control characters, invisible ones, half characters, and marks that pile up over other lines. */
const live =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufff9-\ufffb]|\p{Surrogate}|(?![\ufe00-\ufe0f\u{e0100}-\u{e01ef}])\p{Default_Ignorable_Code_Point}|[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]{2,}|\p{M}{13,}/gu

export interface TerminalKind {
  readonly colour?: boolean
  /** Lines are painted over. */
  readonly region?: boolean
}

/**
 * What a terminal, or whoever reads there, could be fooled by: everything but text, tab, newline and what
 * we write ourselves. Each as its code point.
 */
export function liveInTerminal(
  text: string,
  { colour = false, region = false }: TerminalKind = {},
): readonly string[] {
  const uncoloured = colour ? text.replace(ownColours, '') : text
  const still = region ? uncoloured.replace(ownMovements, '') : uncoloured
  const found = still.replace(harmlessJoiners, '').match(live) ?? []
  return [...new Set(found.map((one) => `U+${one.codePointAt(0)?.toString(16) ?? ''}`))]
}
