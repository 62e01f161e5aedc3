import { expect, it } from 'vitest'
import {
  anchorNotes,
  diagnosticNotes,
  ruleNotes,
  sliceNotes,
  smallDropNotes,
  unpairedNotes,
} from '../../../src/report/notes/verdict-notes.ts'
import { aMetric, aMovedCase, aVerdict } from '../../builders/verdict.ts'

const naming = { say: (text: string) => `<${text}>`, most: 2 }

it('has nothing to say about a plain verdict', () => {
  const plain = aVerdict()
  for (const notes of [ruleNotes, anchorNotes, sliceNotes, diagnosticNotes, unpairedNotes]) {
    expect(notes(plain, naming)).toEqual([])
  }
  expect(smallDropNotes(plain)).toEqual([])
})

it('says which rule a change brings with it, and whose value decides', () => {
  const changes = [
    { what: 'margins.tsr', base: '0.05', here: '1', holds: 'base' },
    { what: 'alpha', base: '0.05', here: '0.01', holds: 'here' },
    { what: 'waivers', base: 'none', here: 'spend', holds: 'base' },
    { what: 'candidate', base: 'a.yaml', here: 'b.yaml', holds: 'change' },
  ] as const
  const rules = { from: 'HEAD^1', changes: [...changes] }
  expect(ruleNotes(aVerdict({ rules }), naming)).toEqual([
    "<candidate>: <b.yaml> here, <a.yaml> at the base; this change's own counts",
    '<margins.tsr>: <1> here, <0.05> at the base; the base holds until this is merged',
    'and 2 more',
  ])
  expect(ruleNotes(aVerdict({ rules }), { ...naming, most: 9 })).toEqual([
    "<candidate>: <b.yaml> here, <a.yaml> at the base; this change's own counts",
    '<margins.tsr>: <1> here, <0.05> at the base; the base holds until this is merged',
    '<waivers>: <spend> here, <none> at the base; the base holds until this is merged',
    '<alpha>: <0.01> here, <0.05> at the base; stricter, so it holds at once',
  ])
})

it('names every eval set that is dropped, before all else', () => {
  const dropped = ['a', 'b', 'c'].map((id) => ({
    what: 'evalsets',
    base: `${id} in sets/${id}`,
    here: 'none',
    holds: 'change' as const,
  }))
  const others = ['world', 'candidate'].map((what) => ({
    what,
    base: '1',
    here: '2',
    holds: 'change' as const,
  }))
  const rules = { from: 'HEAD^1', changes: [...others, ...dropped] }
  expect(ruleNotes(aVerdict({ rules }), naming)).toEqual([
    "<evalsets>: <none> here, <a in sets/a> at the base; this change's own counts",
    "<evalsets>: <none> here, <b in sets/b> at the base; this change's own counts",
    "<evalsets>: <none> here, <c in sets/c> at the base; this change's own counts",
    'and 2 more',
  ])
})

it('compares with the last release in the same words', () => {
  const anchor = (status: 'regression' | 'inconclusive' | 'pass'): readonly string[] =>
    anchorNotes(
      aVerdict({
        anchor: {
          name: 'v1',
          from: 'git:v1',
          metrics: [aMetric({ status, candidate: 0.85 })],
        },
      }),
      naming,
    )
  const where = 'against the last release (<v1> from <git:v1>)'
  expect(anchor('regression')).toEqual([`${where}: tasks done fell from 95.8 % to 85.0 %`])
  expect(anchor('inconclusive')).toEqual([`${where}: undecided: tasks done`])
  expect(anchor('pass')).toEqual([`${where}: no regression`])
})

it('names slices that gate before those to watch, and no quiet one', () => {
  const slice = {
    metric: 'tsr',
    cases: 12,
    baseline: 0.92,
    candidate: 0.8,
    change: -0.12,
    p: 0.01,
    pAdjusted: 0.05,
  } as const
  const slices = [
    { ...slice, slice: 'language:de', status: 'watch' as const },
    { ...slice, slice: 'tag:vip', status: 'regression' as const },
    { ...slice, slice: 'tier:0', status: 'quiet' as const },
  ]
  expect(sliceNotes(aVerdict({ slices }), naming)).toEqual([
    'slice got worse: <tag:vip>, tasks done 92.0 % to 80.0 % (12 cases)',
    'watch: <language:de>, tasks done 92.0 % to 80.0 % (12 cases)',
  ])
})

it('says which cases changed beyond noise, and which make the noise', () => {
  const flaky = (id: string, noiseShare: number) => ({
    id,
    baseline: { passed: 2, scored: 5 },
    candidate: { passed: 3, scored: 5 },
    ciLower: 0.2,
    ciUpper: 0.8,
    noiseShare,
  })
  const diagnostics = {
    broken: ['a', 'b', 'c'],
    fixed: ['d'],
    flaky: [flaky('e', 0.4), flaky('f', 0.2), flaky('h', 0.1), flaky('g', 0.01)],
    changeRatio: 2.04,
  }
  const moved = diagnostics.broken.map((id) => aMovedCase({ id }))
  const cases = { moved, added: [], removed: [], changed: [] }
  expect(diagnosticNotes(aVerdict({ diagnostics, cases }), naming)).toEqual([
    '3 cases got worse, all beyond their own noise: <a>, <b> and 1 more',
    '1 case got better beyond its own noise: <d>',
    '3 flaky cases of 4 make 70.0 % of the noise: <e> 5/10, <f> 5/10 and 1 more',
    'cases moved 2.0 times as much as their noise explains: single cases changed, or trials are copies',
  ])
})

it('lists what could not be compared, removed first, each with its counts', () => {
  const cases = {
    moved: [],
    added: ['new.one'],
    removed: ['gone'],
    changed: ['edited'],
    unpaired: [
      { id: 'gone', why: 'removed' as const, baseline: { passed: 1, scored: 5 } },
      {
        id: 'edited',
        why: 'changed' as const,
        baseline: { passed: 5, scored: 5 },
        candidate: { passed: 0, scored: 5 },
      },
      { id: 'new.one', why: 'added' as const, candidate: { passed: 4, scored: 5 } },
    ],
  }
  expect(unpairedNotes(aVerdict({ cases }), naming)).toEqual([
    '1 case removed since the baseline: <gone> (was 1/5)',
    '1 case changed, not compared: <edited> (0/5, was 5/5)',
    '1 case added, not compared: <new.one> (4/5)',
  ])
  expect(unpairedNotes(aVerdict({ cases }), { ...naming, split: 'holdout' })[0]).toBe(
    '1 case removed since the baseline',
  )
})

it('names changed cases that got worse before others, and whose attack won', () => {
  const ten = { passed: 10, scored: 10 }
  const row = (id: string, candidate: object, baseline: object = { passed: 30, scored: 30 }) => ({
    id,
    why: 'changed' as const,
    baseline: { ...ten, ...baseline },
    candidate: { ...ten, ...candidate },
  })
  const unpaired = [
    row('same', {}),
    row('robbed', { attackSuccesses: 10 }, { passed: 28, scored: 30 }),
    row('better', {}, { passed: 3, attackSuccesses: 4 }),
    row('broken', { violationTrials: 2 }),
    row('worse', { passed: 9 }),
  ]
  const cases = {
    moved: [],
    added: [],
    removed: [],
    changed: unpaired.map(({ id }) => id),
    unpaired,
  }
  expect(unpairedNotes(aVerdict({ cases }), { ...naming, most: 4 })).toEqual([
    '5 cases changed, not compared: <robbed> (attack won 10, was 28/30), ' +
      '<broken> (rule broken 2, was 30/30), <worse> (9/10, was 30/30), <same> (10/10, was 30/30)' +
      ' and 1 more',
  ])
})

it('says a drop that is small, real and allowed', () => {
  const metrics = [aMetric({ candidate: 0.94, change: -0.018, smallRealDrop: true })]
  expect(smallDropNotes(aVerdict({ metrics }))).toEqual([
    'tasks done fell from 95.8 % to 94.0 % (-1.8 points): small, real, and within the margin',
  ])
})
