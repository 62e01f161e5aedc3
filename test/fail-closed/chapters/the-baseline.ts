import { document, put } from '../edits.ts'
import type { Chapter } from '../situation.ts'
import { renamed, run } from '../usual.ts'

const file = 'set/baseline.json'

export const theBaseline: Chapter = {
  title: 'The baseline is not what you think',
  situations: [
    {
      id: 'baseline-missing',
      situation: 'There is no baseline: a first run.',
      sources: ['softmata/horus#177', 'bencherdev/bencher#839'],
      run: (desk) => desk.run(run, { without: [file] }),
      expected: { outcome: 'pass', exitCode: 0, says: 'first run: nothing to compare with' },
    },
    {
      id: 'baseline-missing-required',
      situation: 'There is no baseline any more, and `--require-baseline` stands in the workflow.',
      sources: ['softmata/horus#177'],
      run: (desk) => desk.run([...run, '--require-baseline'], { without: [file] }),
      expected: { outcome: 'refused', exitCode: 2, says: 'there is no baseline' },
    },
    {
      id: 'baseline-named-missing',
      situation: 'The file that `--baseline` names does not exist.',
      sources: ['softmata/horus#177'],
      run: (desk) => desk.run([...run, '--baseline', 'main.json']),
      expected: {
        outcome: 'refused',
        exitCode: 2,
        says: 'main.json: there is no such run, result or baseline',
      },
    },
    {
      id: 'baseline-unreadable',
      situation: 'The baseline is there and empty.',
      sources: ['docker/docker-agent#3946'],
      run: (desk) => desk.run(run, { files: { [file]: '' } }),
      expected: { outcome: 'refused', exitCode: 2, says: 'set/baseline.json: is not JSON' },
    },
    {
      id: 'baseline-foreign',
      situation: 'The baseline is of another eval set.',
      sources: ['attune-io/attune#714', 'kernel-patches/vmtest#372'],
      run: (desk) => desk.run(run, { edit: { [file]: put('"id":"small"', '"id":"large"') } }),
      expected: {
        outcome: 'refused',
        exitCode: 2,
        says: 'is a baseline of eval set "large", not of "small"',
      },
    },
    {
      id: 'baseline-without-cases',
      situation: 'The baseline is well-formed and holds no case.',
      sources: ['aryamthecodebreaker/FixMap#583', 'ayghri/i-have-adhd#44'],
      run: (desk) =>
        desk.run(run, { edit: { [file]: document((value) => ({ ...value, cases: [] })) } }),
      expected: {
        outcome: 'error',
        exitCode: 4,
        says: 'no case can be compared with the baseline',
      },
    },
    {
      id: 'baseline-case-twice',
      situation: 'The baseline counts a case twice.',
      sources: ['SWE-bench/experiments#463'],
      run: (desk) =>
        desk.run(run, {
          edit: {
            [file]: (text) => text.replace(/^(\{"attack.*)$/m, (line) => `${line}\n${line}`),
          },
        }),
      expected: { outcome: 'refused', exitCode: 2, says: 'stands here twice' },
    },
    {
      id: 'case-deleted',
      situation: 'A case of the baseline was deleted, one of four.',
      sources: ['watt-mind/factory#1109', 'ayghri/i-have-adhd#44'],
      run: (desk) => desk.run(run, { without: ['set/cases/outcome/refund.yaml'] }),
      expected: {
        outcome: 'error',
        exitCode: 4,
        says: "1 of the baseline's 4 cases have no trial in the candidate",
      },
    },
    {
      id: 'case-set-aside',
      situation: 'A case of the baseline was put into quarantine instead.',
      sources: ['google-gemini/gemini-cli#17319'],
      run: (desk) =>
        desk.run(run, {
          edit: {
            'set/cases/outcome/refund.yaml': (text) =>
              `${text}status: { quarantined: { reason: flaky, owner: ann, expires: 2026-12-31 } }\n`,
          },
        }),
      expected: { outcome: 'error', exitCode: 4, says: '1 does not gate any more' },
    },
    {
      id: 'all-renamed',
      situation: 'All cases were renamed, so that none has a counterpart.',
      sources: ['ayghri/i-have-adhd#44', 'MCPJam/inspector#4343'],
      run: (desk) => desk.run(run, { edit: renamed }),
      expected: {
        outcome: 'error',
        exitCode: 4,
        says: 'no case can be compared with the baseline',
      },
    },
    {
      id: 'other-yardstick',
      situation: 'The world that all cases play in was changed along with the agent.',
      sources: ['apify/apify-mcp-server#1395', 'Climate-REF/climate-ref#727'],
      run: (desk) => desk.run(run, { edit: { 'set/world.yaml': put('9000', '9001') } }),
      expected: {
        outcome: 'error',
        exitCode: 4,
        says: 'the case, its world or the judging policy changed in 4',
      },
    },
  ],
}
