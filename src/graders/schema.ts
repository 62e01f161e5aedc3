import { AgentEvalError } from '../errors.ts'
import type { JsonObject, JsonValue } from '../schema/json.ts'
import { compileSchema, type SchemaCheck } from '../world/json-schema.ts'
import { describeCall, describeName, describeSource, describeValue } from './describe.ts'
import { defineGrader, fail, type Judgement, pass } from './grader.ts'
import type { CallView, TrialView } from './trial-view.ts'

/**
 * Judges form: whether calls kept to the schemas of their tools, and the last reply to its own.
 *
 * A reply schema asks for JSON and nothing around it; a code fence is not JSON.
 */
export const schema = defineGrader({
  id: 'schema',
  expected: (expect) => expect.schema,
  async prepare({ max_errors: most, reply }) {
    const checkReply = reply === undefined ? undefined : await compileReply(reply)
    return (view) => {
      const byCalls = judgeCalls(view, most)
      if (byCalls.status !== 'pass' || checkReply === undefined) return byCalls
      return judgeReply(view, checkReply)
    }
  },
})

async function compileReply(reply: JsonObject): Promise<SchemaCheck> {
  const compiled = await compileSchema(reply)
  if (compiled.ok) return compiled.value
  throw new AgentEvalError(`the reply schema: ${compiled.error}`, 'input')
}

/** A call that no tool could take: unknown tool, arguments that are no JSON object, or the wrong ones. */
export function isMalformed(call: CallView): boolean {
  return call.effect === undefined || call.schemaErrors.length > 0
}

function judgeCalls(view: TrialView, most: number): Judgement {
  const malformed = view.calls.filter(isMalformed)
  const [first] = malformed
  if (first === undefined || malformed.length <= most) return pass()
  const count = malformed.length === 1 ? 'one call' : `${malformed.length} calls`
  const allowed = most === 0 ? '' : `, allowed ${most}`
  return fail(
    `${count} did not fit the tool${allowed}: ${whatIsWrong(first)}`,
    malformed.map((call) => call.seq),
  )
}

function whatIsWrong(call: CallView): string {
  if (call.effect === undefined) return `there is no tool ${describeName(call.tool)}`
  return `${describeCall(call)}: ${describeSource(call.schemaErrors[0] ?? '')}`
}

function judgeReply(view: TrialView, check: SchemaCheck): Judgement {
  const reply = view.replies.at(-1)
  if (reply === undefined) return fail('there is no reply, expected one in JSON', [])
  const parsed = parseJson(reply.text)
  if (parsed === undefined) {
    return fail(`the last reply is no JSON: ${describeValue(reply.text)}`, [reply.seq])
  }
  const [error] = check(parsed.value)
  if (error === undefined) return pass()
  return fail(`the last reply does not fit its schema: ${describeSource(error)}`, [reply.seq])
}

function parseJson(text: string): { readonly value: JsonValue } | undefined {
  try {
    return { value: JSON.parse(text) as JsonValue }
  } catch {
    return undefined
  }
}
