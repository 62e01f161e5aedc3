const codes = { bold: 1, faint: 2, bad: 31, good: 32, warn: 33 } as const

export type Tone = keyof typeof codes

/** Adds a colour to text that is already safe; colour never says what words do not. */
export type Paint = (tone: Tone | undefined, text: string) => string

export function painter(colour: boolean): Paint {
  if (!colour) return (_, text) => text
  return (tone, text) =>
    tone === undefined || text === '' ? text : `\u001b[${codes[tone]}m${text}\u001b[0m`
}
