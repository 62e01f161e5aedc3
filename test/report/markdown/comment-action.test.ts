import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CommentDraft,
  commentAction,
  commentedSets,
  isMarked,
  newsOf,
  type OnPass,
  type PullState,
  type StandingComment,
} from '../../../src/report/markdown/comment-action.ts'
import { commentMarker } from '../../../src/report/markdown/comment-marker.ts'
import { skippedRun } from '../../../src/schema/skipped-run.ts'
import { aComparison, aProvenance, aRunResult } from '../../builders/result.ts'
import { aVerdict } from '../../builders/verdict.ts'

const head = 'a'.repeat(40)
const bot = { login: 'github-actions[bot]', type: 'Bot' }
const body = `${commentMarker('support')}\n### agent-eval: regression\n`

function draft(changes: Partial<CommentDraft> = {}): CommentDraft {
  return { evalSet: 'support', body, headSha: head, news: 'alarm', onPass: 'update', ...changes }
}

function pull(changes: Partial<PullState> = {}): PullState {
  return { headSha: head, comments: [], self: bot.login, ...changes }
}

function comment(changes: Partial<StandingComment> = {}): StandingComment {
  return { id: 1, body: `${commentMarker('support')}\nolder`, author: bot, ...changes }
}

describe('commentAction', () => {
  it('creates what alarms, and changes the comment that is there', () => {
    expect(commentAction(draft(), pull())).toEqual({ kind: 'create' })
    expect(commentAction(draft(), pull({ comments: [comment({ id: 7 })] }))).toEqual({
      kind: 'update',
      id: 7,
      others: 0,
    })
  })

  it.each<[CommentDraft['news'], OnPass, boolean, string]>([
    // news, on-pass, comment there → action
    ['pass', 'update', false, 'leave'],
    ['pass', 'update', true, 'update'],
    ['pass', 'always', false, 'create'],
    ['pass', 'always', true, 'update'],
    ['pass', 'never', false, 'leave'],
    ['pass', 'never', true, 'leave'],
    ['skipped', 'update', false, 'leave'],
    ['skipped', 'update', true, 'update'],
    ['skipped', 'always', false, 'create'],
    ['skipped', 'never', true, 'leave'],
    ['alarm', 'update', false, 'create'],
    ['alarm', 'never', false, 'create'],
    ['alarm', 'never', true, 'update'],
  ])('%s with on-pass %s, a comment there %s: %s', (news, onPass, isThere, kind) => {
    const comments = isThere ? [comment()] : []
    expect(commentAction(draft({ news, onPass }), pull({ comments })).kind).toBe(kind)
  })

  it('writes nothing for a commit that is no longer the head, whatever it is about', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('pass', 'skipped', 'alarm'),
        fc.constantFrom('update', 'always', 'never'),
        fc.array(fc.nat(9).map((id) => comment({ id }))),
        (news, onPass, comments) => {
          const newer = pull({ headSha: 'b'.repeat(40), comments })
          expect(commentAction(draft({ news, onPass }), newer)).toEqual({
            kind: 'refuse',
            newHead: 'b'.repeat(40),
          })
        },
      ),
    )
    const upper = pull({ headSha: head.toUpperCase() })
    expect(commentAction(draft(), upper).kind).toBe('create')
  })

  it('leaves a comment that says so already, however the host has stored it', () => {
    for (const stored of [body, body.trimEnd(), body.replaceAll('\n', '\r\n')]) {
      const comments = [comment({ body: stored })]
      expect(commentAction(draft(), pull({ comments }))).toEqual({
        kind: 'leave',
        why: 'unchanged',
        others: 0,
      })
    }
  })

  it.each([
    ['a person', { login: 'mallory', type: 'User' }, `${commentMarker('support')}\nmine`],
    ['a person of our name', { login: bot.login, type: 'User' }, body],
    ['another bot', { login: 'codecov[bot]', type: 'Bot' }, body],
    ['nobody any more', { login: '', type: 'User' }, body],
  ])('never changes what %s wrote', (_, author, text) => {
    expect(commentAction(draft(), pull({ comments: [comment({ author, body: text })] })).kind).toBe(
      'create',
    )
  })

  it.each([
    ['further down', `quoted:\n${commentMarker('support')}`],
    ['with more on its line', `${commentMarker('support')} x\n`],
    ['of another eval set', `${commentMarker('support-2')}\n`],
    ['of an eval set that begins alike', `${commentMarker('suppor')}\n`],
  ])('does not take a marker %s for its own', (_, text) => {
    expect(commentAction(draft(), pull({ comments: [comment({ body: text })] })).kind).toBe(
      'create',
    )
  })

  it('changes the newest of several, and counts the others', () => {
    const comments = [comment({ id: 5 }), comment({ id: 12 }), comment({ id: 9 })]
    expect(commentAction(draft(), pull({ comments }))).toEqual({
      kind: 'update',
      id: 12,
      others: 2,
    })
    const same = comments.map((one) => (one.id === 12 ? { ...one, body } : one))
    expect(commentAction(draft(), pull({ comments: same }))).toMatchObject({
      kind: 'leave',
      others: 2,
    })
  })

  it('knows the comments of a person whose token it has', () => {
    const author = { login: 'Ada', type: 'User' }
    const comments = [comment({ id: 3, author }), comment({ id: 4 })]
    expect(commentAction(draft(), pull({ comments, self: 'ada' }))).toMatchObject({ id: 3 })
  })

  it('only ever changes a comment of ours with this marker', () => {
    const anyComment = fc.record({
      id: fc.nat(50),
      body: fc.oneof(
        fc.constantFrom(body, commentMarker('support'), `${commentMarker('other')}\nx`, ''),
        fc.string(),
      ),
      author: fc.record({
        login: fc.constantFrom(bot.login, 'mallory', 'codecov[bot]'),
        type: fc.constantFrom('Bot', 'User'),
      }),
    })
    fc.assert(
      fc.property(fc.uniqueArray(anyComment, { selector: ({ id }) => id }), (comments) => {
        const action = commentAction(draft(), pull({ comments }))
        if (action.kind !== 'update') return
        const changed = comments.find(({ id }) => id === action.id)
        expect(changed?.author).toEqual(bot)
        expect(changed?.body.split('\n')[0]).toBe(commentMarker('support'))
      }),
    )
  })
})

describe('commentedSets', () => {
  it('reads the marker back, whatever the eval set is called', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,119}$/), (evalSet) => {
        const comments = [comment({ body: `${commentMarker(evalSet)}\r\n### x` })]
        const [found = '', ...more] = commentedSets({ comments, self: bot.login })
        // Two dashes would end an HTML comment, so that the marker has one.
        expect([commentMarker(found), more]).toEqual([commentMarker(evalSet), []])
      }),
    )
  })

  it('lists each of ours once, sorted, and of nobody else', () => {
    const of = (evalSet: string, author = bot): StandingComment =>
      comment({ body: `${commentMarker(evalSet)}\nx`, author })
    const comments = [
      of('b'),
      of('a'),
      of('b'),
      of('theirs', { login: 'mallory', type: 'User' }),
      comment({ body: 'hello' }),
    ]
    expect(commentedSets({ comments, self: bot.login })).toEqual(['a', 'b'])
    expect(comments.map(isMarked)).toEqual([true, true, true, true, false])
  })
})

describe('newsOf', () => {
  it.each([
    ['pass', aRunResult()],
    ['pass', aComparison()],
    ['alarm', aRunResult({ verdict: aVerdict({ status: 'regression', exitCode: 1 }) })],
    ['alarm', aRunResult({ verdict: aVerdict({ status: 'inconclusive' }) })],
    ['alarm', aComparison({ verdict: aVerdict({ status: 'error', exitCode: 4 }) })],
    ['alarm', aRunResult({ verdict: aVerdict({ firstRun: true }) })],
    ['alarm', aRunResult({ verdict: undefined })],
    [
      'alarm',
      aRunResult({
        verdict: aVerdict({
          rules: {
            from: 'merge base with main, 123456789012',
            changes: [{ what: 'gate.margins.tsr', base: '0.05', here: '0.5', holds: 'base' }],
          },
        }),
      }),
    ],
  ])('%s', (news, document) => {
    expect(newsOf(document)).toBe(news)
  })

  it('tells a run that did not have to be made from one that could not be', () => {
    const skipped = { apiVersion: 'agent-eval/v1', kind: 'SkippedRun', provenance: aProvenance() }
    expect(newsOf(skippedRun.parse({ ...skipped, baseline: 'set/baseline.json' }))).toBe('skipped')
    const fork = { from: 'mallory/shop', missingKeys: ['K'], models: ['openai:x'], exitCode: 0 }
    expect(newsOf(skippedRun.parse({ ...skipped, why: 'fork', fork }))).toBe('alarm')
  })
})
