import type { Chapter } from '../situation.ts'
import { muteAgent, run, withCase } from '../usual.ts'

const alwaysTrue = withCase(`
id: smalltalk
ask: How are you?
expect: { says: [{ any: "." }] }
oracle: [{ say: "Fine." }]
`)

export const casesThatCannotFail: Chapter = {
  title: 'A case that cannot fail',
  situations: [
    {
      id: 'no-check',
      situation: 'A case says nothing of what is expected.',
      sources: ['promptfoo/promptfoo#4321', 'VoltAgent/voltagent#1397'],
      run: (desk) =>
        desk.run(run, { files: withCase('id: bare\nask: Hello?\noracle: [{ say: Hello. }]\n') }),
      expected: { outcome: 'refused', exitCode: 2, says: 'missing key "expect"' },
    },
    {
      id: 'empty-check',
      situation: 'What is expected is empty.',
      sources: ['Rul1an/assay#1959', 'Rul1an/assay#1946'],
      run: (desk) =>
        desk.run(run, {
          files: withCase('id: bare\nask: Hello?\nexpect: {}\noracle: [{ say: Hello. }]\n'),
        }),
      expected: { outcome: 'refused', exitCode: 2, says: 'a case that checks nothing cannot fail' },
    },
    {
      id: 'misspelled-check',
      situation: 'A misspelled key looks like a check and is none.',
      sources: [
        'promptfoo/promptfoo#4321',
        'EntityProcess/agentv#871',
        'Mnexa-AI/e2a#823',
        'galax-io/gatling-picatinny#71',
      ],
      run: (desk) =>
        desk.run(run, {
          files: withCase(`
id: typo
ask: Hello?
expect: { says: [{ any: Hello }], effect: { required: [{ tool: orders.refund }] } }
oracle: [{ say: Hello. }]
`),
        }),
      expected: {
        outcome: 'refused',
        exitCode: 2,
        says: 'unknown key "effect"; did you mean "effects"?',
      },
    },
    {
      id: 'same-case-twice',
      situation: 'Two cases have one id, and one would hide the other.',
      sources: [
        'sgl-project/sgl-eval#39',
        'imMamdouhaboammar/omni-skill#38',
        'promptfoo/promptfoo#10981',
      ],
      run: (desk) =>
        desk.run(run, {
          files: withCase(`
id: refund.one
ask: Hello?
expect: { says: [{ any: Hello }] }
oracle: [{ say: Hello. }]
`),
        }),
      expected: { outcome: 'refused', exitCode: 2, says: 'has the id "refund.one" already' },
    },
    {
      id: 'always-true',
      situation: 'A check holds whatever the agent does.',
      sources: ['sierra-research/tau2-bench#384', '98kb/skills#69'],
      run: (desk) => desk.run(run, { files: alwaysTrue }),
      expected: {
        outcome: 'refused',
        exitCode: 2,
        says: 'an agent that refuses everything passes this case',
      },
    },
    {
      id: 'always-true-allowed',
      situation: 'The same with `--allow-unlinted`: somebody wants to run it nevertheless.',
      sources: ['sierra-research/tau2-bench#384'],
      run: (desk) => desk.run([...run, '--allow-unlinted', '-n', '60'], { files: alwaysTrue }),
      expected: { outcome: 'pass', exitCode: 0, says: '1 case in this run cannot be trusted' },
    },
    {
      id: 'silent-agent',
      situation: 'The agent does its reads and then says nothing at all.',
      sources: ['sierra-research/tau2-bench#384', '98kb/skills#69'],
      run: (desk) => desk.run([...run, ...muteAgent]),
      expected: { outcome: 'regression', exitCode: 1, says: 'said nothing (16 trials)' },
    },
  ],
}
