/** Pure: a number gives its text, as a result, as an error, and as what is written. */
export const tools = `
import { texts } from './texts.mjs'
const known = new Map(texts)
const textOf = (number) => known.get(number) ?? ''
export const ask = ({ number }) => {
  const text = textOf(number)
  return { result: { text, [text]: [text, { [text]: text }] } }
}
export const fail = ({ number }) => ({ error: { code: textOf(number), message: textOf(number) } })
export const write = ({ number, text }) => ({
  result: { ok: text },
  changes: [
    { op: 'set', path: '/log/' + number, value: { [textOf(number)]: text ?? '' } },
    { op: 'set', path: '/note', value: textOf(number) },
  ],
})
`

/** What a model and an agent do with the text that the user's words ask for by its number. */
const script = `
import { readFileSync } from 'node:fs'
const texts = JSON.parse(readFileSync(new URL('./texts.json', import.meta.url), 'utf8'))
const asked = (words) => Number(/number (\\d+)/.exec(words)?.[1] ?? 0)
const callsFor = (number) => {
  const text = texts[number]
  return [
    { tool: 'desk.ask', args: { number } },
    { tool: 'desk.fail', args: { number } },
    { tool: text.slice(0, 100) || 'nothing', args: { [text]: text } },
    { tool: 'desk.note', args: { number, text } },
    { tool: 'desk.write', args: { number, text, [text]: [text] } },
    ...(number % 2 === 0 ? [{ tool: 'desk.pay', args: { number, text } }] : []),
  ]
}
`

export const model = `${script}
const words = ({ messages }) => JSON.stringify(messages)
const answer = (request, breaks) => {
  const number = asked(words(request))
  const text = texts[number]
  if (breaks && number % 2 === 0) throw Object.assign(new Error(text), number % 4 && { status: 400 })
  const usage = { inputTokens: 10, outputTokens: 10 }
  const shared = { usage, costUsd: 0.01, modelServed: text.slice(0, 150) || 'nothing' }
  if (request.role === 'router') {
    const tier = request.output.schema.properties.tier.enum.at(-1)
    return { ...shared, text: JSON.stringify({ tier, reason: text }) }
  }
  const isFirst = !request.messages.some(({ role }) => role === 'tool')
  const broken = { tool: 'desk.write', args: text }
  return isFirst ? { ...shared, text, toolCalls: [...callsFor(number), broken] } : { ...shared, text }
}
export const says = (request) => answer(request, false)
export const fails = (request) => answer(request, true)
`

export const agent = `${script}
export default async ({ conversation }, tools) => {
  const number = asked(conversation[0].text)
  const text = texts[number]
  console.log(text)
  console.error(text)
  for (const { tool, args } of callsFor(number)) await tools.call(tool, args, { reason: text })
  if (number % 3 === 0) throw new Error(text)
  return text
}
`
