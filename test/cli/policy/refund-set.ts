import { smallProject } from '../small-set.ts'

/** A candidate of the small project with these rules, as YAML lines, and whatever else it has. */
export function anAgent(rules: readonly string[], more = ''): string {
  const list = rules.length === 0 ? '[]' : `\n${rules.map((rule) => `      - ${rule}`).join('\n')}`
  return `
agent:
  name: good
  models: { default: "reference:" }
  policy:
    rules: ${list}
${more}`
}

/** Refunds only of the order named. */
export function onlyOrder(id: string, onFail = 'deny'): string {
  return `{ id: own_order, tool: orders.refund, condition: "input.id == '${id}'", on_fail: ${onFail} }`
}

/** The small project with another agent, and whatever else. */
export function projectWith(
  agent: string,
  files: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return { ...smallProject, 'set/agents/good.yaml': agent, ...files }
}

/** The tools of the small project and their arguments, for policies in Cedar. */
export const cedarSchema = `
entity Agent { principal: String };
entity Tool { name: String, tier: Long, effect: String };
entity Order { refunds: Long };
action "orders.refund" appliesTo {
  principal: Agent, resource: [Tool, Order], context: { args: { id: String } }
};
action "orders.get" appliesTo { principal: Agent, resource: Tool };
`
