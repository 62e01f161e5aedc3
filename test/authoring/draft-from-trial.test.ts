import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { draftFromTrial } from '../../src/authoring/draft-from-trial.ts'
import { viewEvents } from '../../src/graders/view-events.ts'
import { readCases } from '../../src/suites/read-cases.ts'
import { aTrace, call, say, write } from '../builders/trace.ts'
import { aTrialLine } from '../builders/trial-line.ts'

function draft(
  trial: Parameters<typeof aTrace>[0],
  line: Parameters<typeof aTrialLine>[0] = {},
): string {
  return draftFromTrial({
    line: aTrialLine({ case: 'refund.full', outcome: 'fail', ...line }),
    view: viewEvents(aTrace(trial)),
    run: 'night-7',
  })
}

describe('draftFromTrial', () => {
  const text = draft(
    {
      asks: ['Refund O-1, please.', 'And now?'],
      steps: [
        call('orders.get', { id: 'O-1' }, { value: { total: 42 } }),
        write('payments.refund', { id: 'O-2' }, { value: { ok: true } }),
        say('Done.'),
        say('As I said.'),
      ],
    },
    {
      grades: [
        { grader: 'changes', status: 'fail', reason: 'changed /orders/O-2', events: [4] },
        { grader: 'says', status: 'pass' },
      ],
    },
  )

  it('is a case that loads, does not gate, and says where it is from', () => {
    expect(parse(text)).toEqual([
      {
        id: 'incident.refund.full.1',
        title: 'Incident: refund.full',
        status: 'draft',
        provenance: { kind: 'incident', ref: 'night-7/refund.full#1' },
        conversation: [{ say: 'Refund O-1, please.' }, { say: 'And now?' }],
        expect: { evidence: [{ tool: 'orders.get', args: { id: 'O-1' } }] },
      },
    ])
    expect(readCases({ text, file: 'incident.yaml' }).problems).toEqual([])
  })

  it('tells the person who goes on what went wrong and what was answered', () => {
    expect(text).toContain('# What went wrong:\n#   changes: changed /orders/O-2\n')
    expect(text).toContain('#   orders.get {"id":"O-1"} -> {"total":42}\n')
    expect(text).toContain('#   said: As I said.\n')
  })

  it('keeps hostile words inside their comment and their string', () => {
    const hostile = 'x\n- id: evil\n\u001b[2Jask: pwned'
    const made = draft({
      asks: [hostile],
      steps: [call('orders.get', {}, { value: hostile }), say(hostile)],
    })
    const [only, ...more] = parse(made) as { ask: string }[]
    expect(more).toEqual([])
    expect(only?.ask).toBe('x\n- id: evil\nask: pwned')
    expect(made).not.toContain('\u001b')
  })
})
