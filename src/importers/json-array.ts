import { type JsonToken, jsonTokens } from './json-tokens.ts'
import { inputError, type Place } from './place.ts'

interface ArrayElement {
  readonly text: string
  readonly place: Place
}

/**
 * The elements of one big JSON array, each as its text with the line it starts on, so that an
 * error in one run can say where that run stands. The elements themselves are not checked.
 *
 * @param expected - the message, naming what the file should hold
 * @throws AgentEvalError `input` where the text is no array of elements
 */
export function* arrayElements(
  text: string,
  file: string,
  expected: string,
): Generator<ArrayElement> {
  const lines = lineCounter(text)
  const tokens = jsonTokens(text)
  const fail = (at: number): Error => inputError({ file, line: lines(at) }, expected)

  const opening = tokens.next()
  if (opening.done === true || text.charAt(opening.value.start) !== '[') throw fail(0)
  for (let index = 0; ; index += 1) {
    const { start, end, closing, at } = nextElement(text, tokens)
    if (start !== undefined && closing !== '') {
      yield { text: text.slice(start, end), place: { file, line: lines(start), index } }
    } else if (index > 0 || closing !== ']') {
      throw fail(at)
    }
    if (closing === ']') break
  }
  const rest = tokens.next()
  if (rest.done !== true) throw fail(rest.value.start)
}

interface ElementEnd {
  /** Absent where nothing stands before the comma or bracket. */
  readonly start: number | undefined
  readonly end: number
  /** What ended the element; empty where the text ended or a bracket fits no other. */
  readonly closing: string
  /** Where it ended. */
  readonly at: number
}

function nextElement(text: string, tokens: Iterator<JsonToken, void>): ElementEnd {
  let depth = 0
  let start: number | undefined
  let end = 0
  for (let token = tokens.next(); token.done !== true; token = tokens.next()) {
    const { kind, start: at } = token.value
    const char = kind === 'mark' ? text.charAt(at) : ''
    if (depth === 0 && /[,\]}]/.test(char)) {
      return { start, end, closing: char === '}' ? '' : char, at }
    }
    depth += depthChange(char)
    start ??= at
    end = token.value.end
  }
  return { start, end, closing: '', at: text.length }
}

function depthChange(char: string): -1 | 0 | 1 {
  if (char === '[' || char === '{') return 1
  return char === ']' || char === '}' ? -1 : 0
}

/** The line of an offset, from 1; offsets are asked for in rising order. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1
  let from = 0
  return (offset) => {
    for (
      let at = text.indexOf('\n', from);
      at !== -1 && at < offset;
      at = text.indexOf('\n', from)
    ) {
      line += 1
      from = at + 1
    }
    return line
  }
}
