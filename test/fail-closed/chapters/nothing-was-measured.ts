import type { Chapter } from '../situation.ts'
import { asDrafts, run } from '../usual.ts'

export const nothingWasMeasured: Chapter = {
  title: 'Nothing was measured',
  situations: [
    {
      id: 'nothing-selected',
      situation: 'The filter matches no case.',
      sources: [
        'open-policy-agent/opa#7943',
        'UKGovernmentBEIS/inspect_ai#2314',
        'BasedHardware/omi#11441',
      ],
      run: (desk) => desk.run([...run, '--grep', 'zebra']),
      expected: { outcome: 'refused', exitCode: 2, says: 'no case matches --grep "zebra"' },
    },
    {
      id: 'unknown-case',
      situation: 'The case that was named does not exist.',
      sources: ['ayghri/i-have-adhd#49'],
      run: (desk) => desk.run([...run, '--case', 'status.payed']),
      expected: { outcome: 'refused', exitCode: 2, says: 'did you mean "status.paid"' },
    },
    {
      id: 'no-cases',
      situation: 'The eval set has no cases at all.',
      sources: [
        'pinecone-io/cultivar#9',
        'aryamthecodebreaker/FixMap#461',
        'mthines/agent-skills#182',
      ],
      run: (desk) => desk.run(run, { without: ['set/cases'] }),
      expected: { outcome: 'refused', exitCode: 2, says: 'there is no case file below "cases"' },
    },
    {
      id: 'only-drafts',
      situation: 'Every case is a draft: they run, and none of them counts.',
      sources: ['HeliosSoftware/hfs#491', 'oriontech-me/langflow-e2e#1456'],
      run: (desk) => desk.run(run, { edit: asDrafts }),
      expected: { outcome: 'error', exitCode: 4, says: 'no case of the run gates' },
    },
    {
      id: 'set-does-not-load',
      situation: 'A file of the eval set cannot be read.',
      sources: ['get-convex/chef#654'],
      run: (desk) => desk.run(run, { files: { 'set/policy.yaml': 'rules: [' } }),
      expected: { outcome: 'refused', exitCode: 2, says: 'set/policy.yaml:1:' },
    },
    {
      id: 'one-set-does-not-load',
      situation: 'One of two eval sets does not load; the other one would pass.',
      sources: ['get-convex/chef#654'],
      run: (desk) => desk.run(['run', '-q', 'set', 'other']),
      expected: {
        outcome: 'refused',
        exitCode: 2,
        says: 'other/evalset.yaml: there is no such file',
      },
    },
    {
      id: 'no-provider',
      situation: 'Nobody serves the model that the agent is configured with.',
      sources: ['erikunha/portfolio#41', 'PIsberg/vibetags#632'],
      run: (desk) => desk.run([...run, '--model', 'default=nobody:large']),
      expected: { outcome: 'refused', exitCode: 2, says: 'unknown provider "nobody"' },
    },
  ],
}
