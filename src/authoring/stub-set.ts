import { stringify } from 'yaml'
import { type ForeignTool, type StubTool, stubTools } from './stub-tool.ts'

/** A file to write, by its path from the project's root with slashes. */
export interface NewFile {
  readonly file: string
  readonly text: string
}

/**
 * An eval set over stub tools, and a first case to fill in. A stub answers `{ ok: true }` and
 * changes nothing; that it was called, and how, is what cases can judge.
 */
export function stubSet(name: string, tools: readonly ForeignTool[]): readonly NewFile[] {
  const stubs = stubTools(tools)
  const base = `evalsets/${name}`
  return [
    { file: `${base}/evalset.yaml`, text: evalSetText(name) },
    { file: `${base}/world.yaml`, text: worldText(stubs) },
    { file: `${base}/policy.yaml`, text: policyText },
    { file: `${base}/agents/baseline.yaml`, text: candidateText(name) },
    { file: `${base}/cases/outcome/first.yaml`, text: firstCaseText(stubs) },
  ]
}

function evalSetText(name: string): string {
  return `apiVersion: agent-eval/v1
kind: EvalSet
id: ${name}
version: "0.1.0"
candidate: agents/baseline.yaml
defaults:
  trials: 5
`
}

function worldText(tools: Readonly<Record<string, StubTool>>): string {
  return `apiVersion: agent-eval/v1
kind: World

# Stubs. Check \`effect\` and \`risk_tier\` of each: they were guessed from a description that
# somebody else wrote. Then give the tools that your cases need a state: \`guards\`, \`change\` and
# \`returns\`, as in docs/writing-evals.md.
clock: "2026-01-05T09:00:00Z"
state: {}
tools:
${indented(stringify(tools, { lineWidth: 100 }))}`
}

const policyText = `apiVersion: agent-eval/v1
kind: JudgingPolicy

# The rules of your organisation; a call that breaks one is a violation. For example:
# rules:
#   - id: no-large-refund
#     tool: issue_refund
#     condition: input.amount_usd <= 50.0
rules: []
`

function candidateText(name: string): string {
  return `# The agent under test. Which model its tier \`default\` means stands in agent-eval.yaml.
agent:
  name: ${name}
  prompt: You are a helpful agent. Use the tools to do what the user asks.
`
}

function firstCaseText(tools: Readonly<Record<string, StubTool>>): string {
  const names = Object.keys(tools)
  const look = names.find((name) => tools[name]?.effect === 'read') ?? names[0] ?? 'tool'
  return `# A draft: it runs, and gates only when it has an oracle. Say what a user asks for, what must come
# of it, and how it could be done.
- id: first
  status: draft
  ask: What would a user write?
  expect:
    # Proof of looking before answering.
    evidence:
      - { tool: ${JSON.stringify(look)} }
    # Writes that stand neither under required nor under allowed fail the trial.
    # effects:
    #   required:
    #     - { tool: a_tool_that_writes, args: { id: "42" } }
    # says:
    #   - { any: '(?i)\\bdone\\b' }
  # oracle:
  #   - { call: ${JSON.stringify(look)}, args: {} }
  #   - { say: "Done." }
`
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ')
}
