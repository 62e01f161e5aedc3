import type { NewFile } from '../../authoring/stub-set.ts'
import { version } from '../version.ts'

/** What a project has besides its eval set. */
export function projectFiles(evalSet: string, isRunnable: boolean): readonly NewFile[] {
  return [
    { file: 'agent-eval.yaml', text: projectText(evalSet, isRunnable) },
    { file: '.github/workflows/agent-eval.yml', text: workflowText },
  ]
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

/**
 * Pinned: a gate that changes under a pull request decides by rules that nobody has read. Annotations, the
 * job summary and the outputs come from the command itself.
 */
const workflowText = `name: agent-eval
on:
  # Never pull_request_target: the agent under test is code of the pull request.
  pull_request:
  push:
    branches: [main]

permissions:
  contents: read

jobs:
  gate:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: actions/checkout@v5
        with:
          # The baseline may be read from another commit.
          fetch-depth: 0
          persist-credentials: false
      - uses: actions/setup-node@v5
        with:
          node-version: 22
      - name: Can each case fail?
        run: npx --yes agent-eval@${version} lint
      # A change that touches neither the agent nor its eval set costs nothing.
      - name: Run, compare with the baseline, decide
        if: github.event_name == 'pull_request'
        run: npx --yes agent-eval@${version} run --skip-unchanged
      # On main every run is made, and in a nightly job too: a model may change with nothing changed here.
      - name: Run on main, compare with the baseline, decide
        if: github.event_name != 'pull_request'
        run: npx --yes agent-eval@${version} run
      - uses: actions/upload-artifact@v5
        if: always()
        with:
          name: agent-eval-results
          path: agent-eval-results/
`
