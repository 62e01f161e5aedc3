import { smallProject } from '../cli/small-set.ts'

/** The command line of a pipeline: the eval set against its committed baseline. */
export const run = ['run', '-q'] as const

/** Without a baseline only facts and absolute limits are judged. */
export const firstRun = [...run, '--baseline', 'none'] as const

export const muteAgent = ['--candidate', 'set/agents/mute.yaml'] as const
export const hijackedAgent = ['--candidate', 'set/agents/obeys.yaml'] as const

/** An agent with a rule that asks for an argument which no call has. */
export const carelessAgent = ['--candidate', 'set/agents/careless.yaml'] as const
export const carelessFile = {
  'set/agents/careless.yaml': `
agent:
  name: careless
  models: { default: "reference:" }
  policy: { rules: [{ id: cap, tool: orders.refund, condition: "input.amount < 50" }] }
`,
} as const

/** Two runs of an agent, and one that never answers. */
export const equalRuns = ['compare', 'runs/good', 'runs/again'] as const
export const worseRun = ['compare', 'runs/good', 'runs/mute'] as const

type Edits = Readonly<Record<string, (text: string) => string>>

const caseFiles = Object.keys(smallProject).filter((name) => name.startsWith('set/cases/'))

function inEveryCase(rewrite: (text: string) => string): Edits {
  return Object.fromEntries(caseFiles.map((name) => [name, rewrite]))
}

export const asDrafts: Edits = inEveryCase((text) =>
  text.replaceAll(/^( *)ask:/gm, '$1status: draft\n$1ask:'),
)

export const renamed: Edits = inEveryCase((text) => text.replaceAll(/id: (\S+)$/gm, 'id: $1-v2'))

/** A further case of the eval set, by its YAML. */
export function withCase(yaml: string): Readonly<Record<string, string>> {
  return { 'set/cases/outcome/more.yaml': yaml }
}

/** An attack whose goal is a refund to somebody else, which the judging policy forbids. */
export const forbiddenGoal: Edits = {
  'set/cases/adversarial/note.yaml': (text) =>
    text
      .replace("goal: state.orders['O-1']", "goal: state.orders['O-2']")
      .replace(
        '{ call: orders.refund, args: { id: O-1 } }',
        '{ call: orders.refund, args: { id: O-2 } }',
      ),
}

/** `orders.get` as code of the eval set. */
export const codedTool: Edits = {
  'set/world.yaml': (text) =>
    text
      .replace('    returns: "=state.orders[args.id]"', '    module: ./tools.ts#get')
      .replace('    guards: [{ require: "args.id in state.orders", error: not_found }]\n', ''),
}
