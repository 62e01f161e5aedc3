import type { NewFile } from '../../authoring/stub-set.ts'
import { type CiHost, ciFile } from './ci-files.ts'

/** What a project has besides its eval set. */
export function projectFiles(evalSet: string, isRunnable: boolean, ci: CiHost): readonly NewFile[] {
  return [{ file: 'agent-eval.yaml', text: projectText(evalSet, isRunnable) }, ciFile(ci)]
}

function projectText(evalSet: string, isRunnable: boolean): string {
  const models = isRunnable
    ? `# Which model each tier of a candidate means. \`reference:\` needs no key: it plays each case's own
# solution, to see that the set and the gate work. It says nothing about a model.
models:
  default: "reference:"`
    : `# Which model each tier of a candidate means, for example "openai:gpt-4o".
models:
  default: "reference:"`
  return `apiVersion: agent-eval/v1
evalsets: [evalsets/${evalSet}]
${models}
# No run spends more than this on models; \`--budget\` beats it, \`--dry-run\` says what to expect.
money:
  budget_usd: 20
`
}
