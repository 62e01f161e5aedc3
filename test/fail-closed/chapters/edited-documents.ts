import { readFileSync } from 'node:fs'
import path from 'node:path'
import { runCli } from '../../cli/run-cli.ts'
import type { Desk } from '../desk.ts'
import { document, eachTrial, put } from '../edits.ts'
import type { Chapter, Ended } from '../situation.ts'
import { equalRuns, run, worseRun } from '../usual.ts'

const trials = 'runs/again/trials.jsonl'

function listedTwice(value: Record<string, unknown>): unknown {
  const cases = value['cases'] as unknown[]
  return { ...value, cases: [...cases, ...cases] }
}

function overwriteResult(desk: Desk): Promise<Ended> {
  const cwd = desk.copy()
  const good = readFileSync(path.join(cwd, 'runs/good/result.json'), 'utf8')
  desk.change(cwd, { files: { 'runs/mute/result.json': good } })
  return runCli(worseRun, { cwd })
}

function mixTrials(desk: Desk): Promise<Ended> {
  const cwd = desk.copy()
  const good = readFileSync(path.join(cwd, 'runs/good/trials.jsonl'), 'utf8')
  const more = eachTrial((line) => ({ ...line, trial: line.trial + 60 }))(good)
  desk.change(cwd, { edit: { 'runs/mute/trials.jsonl': (text) => text + more } })
  return runCli(worseRun, { cwd })
}

export const editedDocuments: Chapter = {
  title: 'Documents that were edited, mixed up or made by somebody else',
  situations: [
    {
      id: 'verdict-edited',
      situation: 'The result of a bad run is overwritten with that of a good one.',
      sources: ['EntityProcess/agentv#882', 'dynatrace-oss/dt-evals#236'],
      run: overwriteResult,
      expected: {
        outcome: 'regression',
        exitCode: 1,
        says: 'tasks done fell from 100.0 % to 0.0 %',
      },
    },
    {
      id: 'nan-in-a-trial',
      situation: 'A cost is NaN, which is neither above nor below any limit.',
      sources: [
        'Quchaosheng/workbench-mobile-home-robot#194',
        'bmad-code-org/bmad-method-test-architecture-enterprise#116',
      ],
      run: (desk) =>
        desk.run(equalRuns, { edit: { [trials]: put('"costUsd":', '"costUsd":NaN,"was":') } }),
      expected: { outcome: 'refused', exitCode: 2, says: 'is not a trial line' },
    },
    {
      id: 'infinity-in-a-baseline',
      situation: 'A mean is 1e999, which a reader of JSON takes for infinity.',
      sources: ['UKGovernmentBEIS/inspect_ai#4286'],
      run: (desk) =>
        desk.run(run, {
          edit: { 'set/baseline.json': (text) => text.replace(/"mean":[-\d.]+/, '"mean":1e999') },
        }),
      expected: { outcome: 'refused', exitCode: 2, says: 'expected number, received Infinity' },
    },
    {
      id: 'text-for-a-number',
      situation: 'A count is a text.',
      sources: ['Quchaosheng/workbench-mobile-home-robot#194'],
      run: (desk) =>
        desk.run(run, { edit: { 'set/baseline.json': put('"passed":60', '"passed":"12"') } }),
      expected: { outcome: 'refused', exitCode: 2, says: 'expected number, received string' },
    },
    {
      id: 'negative-count',
      situation: 'A count is below zero.',
      sources: ['paiml/aprender#2391'],
      run: (desk) =>
        desk.run(run, { edit: { 'set/baseline.json': put('"passed":60', '"passed":-1') } }),
      expected: { outcome: 'refused', exitCode: 2, says: 'is no baseline: cases.0.passed' },
    },
    {
      id: 'nan-margin',
      situation: 'A margin of the gate is NaN, so that nothing is ever outside.',
      sources: ['paiml/aprender#2391'],
      run: (desk) => desk.run(run, { gate: '{ margins: { tsr: .nan } }' }),
      expected: { outcome: 'refused', exitCode: 2, says: '.nan is no number in JSON' },
    },
    {
      id: 'case-planned-twice',
      situation: 'The plan of a run lists its cases twice, so that all evidence counts double.',
      sources: ['SWE-bench/experiments#463'],
      run: (desk) =>
        desk.run(equalRuns, { edit: { 'runs/again/run.json': document(listedTwice) } }),
      expected: { outcome: 'refused', exitCode: 2, says: 'stands here twice' },
    },
    {
      id: 'trial-twice',
      situation: 'The trials of a run stand in its file twice.',
      sources: ['linuxarena/control-tower#1410', 'SemiAnalysisAI/InferenceX#1965'],
      run: (desk) => desk.run(equalRuns, { edit: { [trials]: (text) => text + text } }),
      expected: { outcome: 'refused', exitCode: 2, says: 'stands there twice' },
    },
    {
      id: 'trial-not-planned',
      situation: 'Good trials of another run were added to those of a bad one.',
      sources: ['linuxarena/control-tower#1410', 'SWE-bench/experiments#463'],
      run: mixTrials,
      expected: { outcome: 'refused', exitCode: 2, says: 'was not planned' },
    },
    {
      id: 'trial-of-another-case',
      situation: 'Trials were made with another definition of their case than the plan has.',
      sources: ['ayghri/i-have-adhd#44'],
      run: (desk) =>
        desk.run(equalRuns, {
          edit: { [trials]: eachTrial((line) => ({ ...line, definitionHash: 'easier' })) },
        }),
      expected: { outcome: 'refused', exitCode: 2, says: 'is of another definition of its case' },
    },
  ],
}
