import type { NewFile } from '../../authoring/stub-set.ts'
import { version } from '../version.ts'

/** Hosts of which `init` knows how a gate is written down. */
export const ciHosts = ['github', 'gitlab'] as const
export type CiHost = (typeof ciHosts)[number]

/** The gate of a new project, as its CI host reads it. */
export function ciFile(host: CiHost): NewFile {
  return files[host]
}

/** What the lockfile installs, or `install` below. */
const command = 'node_modules/.bin/agent-eval'

/**
 * Where no lockfile names it, the version that wrote the file: a gate that changes under a pull request
 * decides by rules that nobody has read.
 */
const install = [
  'test ! -f package-lock.json || npm ci',
  `test -x ${command} || npm install --no-save agent-eval@${version}`,
] as const

/** Annotations, the job summary and the outputs come from the command itself. */
const onGitHub = `name: agent-eval
on:
  # Never pull_request_target: the agent under test is code of the pull request.
  pull_request:
  merge_group:
  push:
    branches: [main]

permissions:
  contents: read

concurrency:
  group: agent-eval-\${{ github.event.pull_request.number || github.ref }}
  cancel-in-progress: \${{ github.event_name == 'pull_request' }}

jobs:
  gate:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: actions/checkout@v5
        with:
          # The baseline and the rules are read from the commit that the change starts from.
          fetch-depth: 0
          persist-credentials: false
      - uses: actions/setup-node@v5
        with:
          node-version: 22
      - name: Install what the lockfile names, or else the version that wrote this file
        run: |
          ${install.join('\n          ')}
      - name: Can each case fail?
        run: ${command} lint
      # A change that touches neither the agent nor its eval set costs nothing. \`exec\`: a cancelled job
      # signals only the first process of a step.
      - name: Run, compare with the baseline, decide
        if: github.event_name == 'pull_request'
        run: exec ${command} run --skip-unchanged
      # Elsewhere every run is made, and in a nightly job too: a model may change with nothing changed here.
      - name: Run all of it, compare with the baseline, decide
        if: github.event_name != 'pull_request'
        run: exec ${command} run
      - uses: actions/upload-artifact@v5
        if: \${{ !cancelled() }}
        with:
          name: agent-eval-results
          path: agent-eval-results
          if-no-files-found: ignore
          retention-days: 14
`

/** Why `exec`: https://gitlab.com/gitlab-org/gitlab-runner/-/issues/27668 */
const onGitLab = `agent-eval:
  image: node:22
  rules:
    # A change that touches neither the agent nor its eval set costs nothing. On main every run is made:
    # a model may change with nothing changed here.
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
      variables:
        AGENT_EVAL_SKIP: --skip-unchanged
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  variables:
    # The baseline and the rules are read from the commit that the change starts from.
    GIT_DEPTH: '0'
  before_script:
    # What the lockfile names, or else the version that wrote this file.
    - ${install.join('\n    - ')}
  script:
    - ${command} lint
    # Without \`exec\` the runner's shell makes 1 of every exit code.
    - >-
      exec ${command} run $AGENT_EVAL_SKIP
      -r terminal -r 'junit:agent-eval-report/{evalset}.xml' -r 'html:agent-eval-report/{evalset}.html'
  # 3: the run does not decide, which is orange; 4: evidence is missing, which is tried once more. A
  # regression, 1, is never tried again.
  allow_failure:
    exit_codes: [3]
  retry:
    max: 1
    exit_codes: [4]
    when: [runner_system_failure]
  artifacts:
    when: always
    paths: [agent-eval-results, agent-eval-report]
    reports:
      junit: agent-eval-report/*.xml
    expire_in: 14 days
`

const files: Readonly<Record<CiHost, NewFile>> = {
  github: { file: '.github/workflows/agent-eval.yml', text: onGitHub },
  gitlab: { file: '.gitlab-ci.yml', text: onGitLab },
}
