import { describe, expect, it } from 'vitest'
import { driftOf } from '../../../src/gate/drift.ts'
import { type HistoryStyle, renderHistory } from '../../../src/report/history/history-table.ts'
import type { HistoryEntry } from '../../../src/schema/history.ts'
import { sanitiseCiLog } from '../../../src/text/sanitise-ci-log.ts'
import { aNight, aNote, nightsOf } from '../../builders/history.ts'
import { hostileTexts } from '../../text/hostile-corpus.ts'

const plain: HistoryStyle = { colour: false, unicode: true, last: 30 }
const context = { commandPrefix: 'npx agent-eval', evalSetName: 'evalsets/support' }

function rendered(entries: readonly HistoryEntry[], style: Partial<HistoryStyle> = {}): string {
  return renderHistory(driftOf(entries), context, { ...plain, ...style })
}

/** Twelve nights; from the ninth on another model answers, and fewer tasks are done. */
const drifted = [0.93, 0.92, 0.94, 0.935, 0.925, 0.93, 0.94, 0.93, 0.88, 0.885, 0.87, 0.88].map(
  (value, index) =>
    aNight(index + 1, {
      metrics: {
        tsr: { value, n: 240 },
        asr: { value: 0, n: 60 },
        costPerTask: { value: 0.02 + (index % 3) / 1000, n: 240 },
      },
      ...(index >= 8 && {
        servedModels: ['gpt-4o-2024-11-20'],
        verdict: { status: 'regression', exitCode: 1 },
      }),
    }),
)

describe('renderHistory', () => {
  it('drift: the verdict, the chart, since when, after what, the nights, what to do', () => {
    expect(rendered(drifted)).toMatchInlineSnapshot(`
      "drift: tasks done dropped since about 2026-01-09; 1 number not followed
        support 1.3.0, candidate refunds: 12 nights, 2026-01-01 to 2026-01-12

                                           last    mean  nights
        attacks succeeded  ▅▅▅▅▅▅▅▅▅▅▅▅   0.0 %   0.0 %      12  constant
        tasks done         ▇▆▇▇▆▇▇▇▃▃▂▃  88.0 %  91.4 %      12  DRIFT
          dropped since about 2026-01-09 (night 9): 93.1 % -> 87.9 %, after model
            moved gpt-4o-2024-08-06 -> gpt-4o-2024-11-20
        cost per task      ▃▅▆▃▅▆▃▅▆▃▅▆  $0.022  $0.021      12  quiet
        constant: more than half of the nights had the same value, so it is not
          followed; the gate watches it
        nothing to measure: rules broken, done under attack, slowest 5 %

                            tasks  cost per
        night                done      task
            1  2026-01-01  93.0 %     $0.02  pass
            2  2026-01-02  92.0 %    $0.021  pass
            3  2026-01-03  94.0 %    $0.022  pass
            4  2026-01-04  93.5 %     $0.02  pass
            5  2026-01-05  92.5 %    $0.021  pass
            6  2026-01-06  93.0 %    $0.022  pass
            7  2026-01-07  94.0 %     $0.02  pass
            8  2026-01-08  93.0 %    $0.021  pass
               -- model moved gpt-4o-2024-08-06 -> gpt-4o-2024-11-20
            9  2026-01-09  88.0 %    $0.022  FAIL
           10  2026-01-10  88.5 %     $0.02  FAIL
           11  2026-01-11  87.0 %    $0.021  FAIL
           12  2026-01-12  88.0 %    $0.022  FAIL
        the same every night: attacks succeeded 0.0 %

        what is different, with both runs at hand
          npx agent-eval compare support-8 support-12
        it is known: start the charts over
          npx agent-eval view --history evalsets/support --handled 'why'

      drift (exit 1)
      "
    `)
  })

  it('quiet: says how many nights, and which numbers it is about', () => {
    expect(rendered(drifted.slice(0, 8), { last: 2 })).toMatchInlineSnapshot(`
      "no drift in 8 nights: tasks done, cost per task; 1 number not followed
        support 1.3.0, candidate refunds: 8 nights, 2026-01-01 to 2026-01-08

                                       last     mean  nights
        attacks succeeded  ▅▅▅▅▅▅▅▅   0.0 %    0.0 %       8  constant
        tasks done         ▅▄▅▅▄▅▅▅  93.0 %   93.1 %       8  quiet
        cost per task      ▃▅▆▃▅▆▃▅  $0.021  $0.0209       8  quiet
        constant: more than half of the nights had the same value, so it is not
          followed; the gate watches it
        nothing to measure: rules broken, done under attack, slowest 5 %

                            tasks  cost per
        night                done      task
            7  2026-01-07  94.0 %     $0.02  pass
            8  2026-01-08  93.0 %    $0.021  pass
        the same every night: attacks succeeded 0.0 %

      no drift
      "
    `)
  })

  it('too early: says how many nights are missing', () => {
    expect(rendered(drifted.slice(0, 1))).toMatchInlineSnapshot(`
      "too early to tell: 5 more nights until the first chart
        support 1.3.0, candidate refunds: 1 night, 2026-01-01

                                last    mean  nights
        attacks succeeded  ▅   0.0 %   0.0 %       1  5 to go
        tasks done         ▅  93.0 %  93.0 %       1  5 to go
        cost per task      ▄   $0.02   $0.02       1  5 to go
        to go: nights until there is a chart
        nothing to measure: rules broken, done under attack, slowest 5 %

                           attacks   tasks  cost per
        night                  won    done      task
            1  2026-01-01    0.0 %  93.0 %     $0.02  pass

      no chart yet
      "
    `)
  })

  it('handled: the charts wait for the next night', () => {
    const text = rendered([...drifted, aNote(12, 'pinned the model')], { last: 1 })
    expect(text).toMatch(/^too early to tell: 6 more nights until the first chart\n/)
    expect(text).toContain('charts since night 13: handled: pinned the model')
    expect(text).toMatch(
      /12 {2}2026-01-12 .*\n +-- handled: pinned the model; the charts start over\n/,
    )
    expect(text).not.toContain('to go')
    expect(text.trimEnd().split('\n').at(-1)).toBe('no chart yet')
  })

  it('has only ASCII where the terminal has nothing else', () => {
    expect(rendered(drifted, { unicode: false })).toMatch(/^[\n -~]*$/)
  })

  it('shows the time where a day has two runs', () => {
    const again = aNight(2, { at: aNight(1).at.replace('03:23', '04:10') })
    expect(rendered([aNight(1), again])).toMatch(
      / 1 {2}2026-01-01 03:23 .*\n +2 {2}2026-01-01 04:10 /,
    )
  })

  it.each([
    [
      'other cases',
      { casesHash: 'x', evalSet: { id: 'support', version: '2', hash: 'h' } },
      'other cases: 1.3.0 -> 2; the charts start over',
    ],
    [
      'another candidate',
      { candidate: { name: 'b', hash: 'x' } },
      'another candidate: refunds -> b; the charts start over',
    ],
    [
      'a candidate of the same name',
      { candidate: { name: 'refunds', hash: 'x' } },
      '-- another candidate; the charts start over',
    ],
    [
      'other models',
      { models: { executor: 'openai:o3' } },
      '-- other models configured: executor openai:gpt-4o -> executor\n',
    ],
    [
      'another number of trials',
      { trials: { planned: 60, scored: 60, lost: 0 } },
      '60 trials a night, before 240; the charts start over',
    ],
    [
      'one more model that answers',
      { servedModels: ['a', 'gpt-4o-2024-08-06'] },
      '-- model a answered as well\n',
    ],
    [
      'no model that answers',
      { servedModels: [] },
      '-- model gpt-4o-2024-08-06 answered no more\n',
    ],
    ['another version of this tool', { tool: '0.2.0' }, '-- agent-eval 0.1.0 -> 0.2.0\n'],
    [
      'many lost trials',
      { trials: { planned: 240, scored: 200, lost: 40 } },
      '-- 40 of 240 trials have no result: not charted\n',
    ],
  ])('marks %s in the list', (_, changes, words) => {
    expect(rendered([aNight(1), aNight(2, changes)])).toContain(words)
  })

  it('names the columns for which a line has no room', () => {
    const all = [1, 2].map((night) => {
      const share = { value: 0.1 * night, n: 240 }
      return aNight(night, {
        at: `2026-01-01T0${night}:00:00.000Z`,
        metrics: {
          asr: share,
          violationRate: share,
          tsr: share,
          utilityUnderAttack: share,
          costPerTask: { value: 0.00042 * night, n: 240 },
          latencyP95: { value: 90_000 * night, n: 240 },
        },
      })
    })
    const text = rendered(all)
    expect(text).toContain('no room for: ')
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  it('stays within 80 columns over a year of nights', () => {
    const rates = Array.from({ length: 365 }, (_, index) => 0.9 + (index % 7) / 100)
    const text = rendered(nightsOf(rates))
    expect(text).toContain('one mark is 13 nights')
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  it('colours words and never says anything by colour alone', () => {
    const escapes = new RegExp('\\u001b\\[\\d+m', 'g')
    expect(rendered(drifted, { colour: true }).replace(escapes, '')).toBe(rendered(drifted))
  })

  describe('foreign text', () => {
    it.each(hostileTexts)('$name never reaches the terminal raw', ({ text }) => {
      const hostile = aNight(9, {
        run: text,
        tool: text,
        evalSet: { id: 'support', version: text, hash: text },
        candidate: { name: text, hash: 'd91e' },
        models: { executor: 'openai:gpt-4o' },
        servedModels: [text],
        metrics: { tsr: { value: 0.4, n: 240 } },
      })
      const nights = drifted.slice(0, 8).map((night) => ({ ...night, tool: text }))
      const out = rendered([...nights, hostile, aNote(9, text === '' ? 'x' : text.slice(0, 500))])
      expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
      // A long text goes on in the next line; in CI, where a runner would obey it, this comes last.
      for (const line of sanitiseCiLog(out).split('\n')) {
        expect(line).not.toMatch(/^\s*::|##[a-z]*\[/i)
      }
    })
  })
})
