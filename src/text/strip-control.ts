const printableAscii = /^[\n\t -~]*$/

/**
 * OSC, DCS, SOS, PM and APC up to BEL or ST. One without an end on its own line loses only
 * its introducer, so that hostile text cannot make the rest of a transcript disappear.
 */
const commandString =
  /(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0000-\u0008\n-\u001f\u007f-\u009f]*(?:\u0007|\u001b\\|\u009c)/

/** CSI; where the text was cut, without its end. */
const csi = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?/

/** Every other escape sequence, such as ESC c (reset) and ESC ( 0 (line drawing). */
const shortEscape = /\u001b[ -/]*[0-~]?/

/** Everything left of C0 but tab and newline, DEL, C1, and interlinear annotation. */
const otherControl = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufff9-\ufffb]/

/** All at once, as a terminal reads them: removing one kind must not complete another. */
const control = new RegExp(
  [commandString, csi, shortEscape, otherControl].map((kind) => kind.source).join('|'),
  'g',
)

const lineBreak = /\r\n?|[\v\f\u0085\u2028\u2029]/g

/**
 * What has no width and no ink: bidi overrides, isolates and marks, zero-width space, word
 * joiner, byte order mark, soft hyphen, Hangul fillers, tag characters. Joiners and
 * variation selectors are looked at one by one below.
 */
const invisible =
  /(?![\u200c\u200d\ufe00-\ufe0f\u{e0100}-\u{e01ef}])\p{Default_Ignorable_Code_Point}/gu

/** More marks on one letter than any script has: they are drawn over the lines above and below. */
const piledMarks = /([\p{M}\u200c\u200d]{8})[\p{M}\u200c\u200d]+/gu

const joiners = /[\u200c\u200d]+/g
const variationSelectors =
  /([\ufe00-\ufe0f\u{e0100}-\u{e01ef}])[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]+/gu

/**
 * Removes what a reader cannot see but a terminal, a browser or a model would act on.
 *
 * What stays: text, tab, and newline; every other line break becomes a newline. A joiner
 * stays only between two non-ASCII characters (emoji, Persian, Indic scripts need it), and
 * of several variation selectors the first: longer runs smuggle data. Of the combining marks on
 * a letter eight stay. A lone surrogate becomes U+FFFD. Flags of regions, spelt in tag characters,
 * turn into a plain flag.
 */
export function stripControl(text: string): string {
  if (printableAscii.test(text)) return text
  return text
    .replace(lineBreak, '\n')
    .replace(control, '')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(invisible, '')
    .replace(variationSelectors, '$1')
    .replace(piledMarks, '$1')
    .replace(joiners, oneJoinerBetweenNonAscii)
}

function oneJoinerBetweenNonAscii(run: string, offset: number, text: string): string {
  const before = text.charCodeAt(offset - 1)
  const after = text.charCodeAt(offset + run.length)
  return before > 0x7f && after > 0x7f ? run.charAt(0) : ''
}
