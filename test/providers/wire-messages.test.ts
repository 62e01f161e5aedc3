import { describe, expect, it } from 'vitest'
import { resultText } from '../../src/providers/wire-messages.ts'
import { part, type ToolResultPart } from '../../src/schema/message.ts'

const result = (more: object): ToolResultPart =>
  part.parse({
    type: 'tool_result',
    callId: 'c1',
    tool: 'orders.get',
    isError: false,
    ...more,
  }) as ToolResultPart

describe('a result as the text that a model reads', () => {
  it('is JSON, and a text is itself', () => {
    expect(resultText(result({ value: { total: 5 } }))).toBe('{"total":5}')
    expect(resultText(result({ value: 'five' }))).toBe('five')
  })

  it('has what the operator says behind it, marked as that', () => {
    const notice = 'budget: 8 of 10 tool calls used, 2 left'
    expect(resultText(result({ value: { total: 5 }, notice }))).toBe(
      `{"total":5}\n\n[notice from the operator] ${notice}`,
    )
  })
})
