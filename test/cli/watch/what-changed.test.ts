import { describe, expect, it } from 'vitest'
import { type SetMaterial, whatChanged } from '../../../src/cli/watch/what-changed.ts'

const before: SetMaterial = {
  folder: '/p/set',
  common: 'agent-1',
  whole: 'set-1',
  definitions: new Map([
    ['a', '1'],
    ['b', '1'],
    ['c', '1'],
  ]),
}

function after(changes: Partial<SetMaterial>): ReturnType<typeof whatChanged> {
  return whatChanged([before], [{ ...before, ...changes }])
}

describe('what of a watched set is run again', () => {
  it('is nothing where nothing changed', () => {
    expect(after({})).toEqual([])
  })

  it('is everything where the agent, the project or the rules of the set changed', () => {
    expect(after({ common: 'agent-2' })).toEqual([{ folder: '/p/set' }])
  })

  it('is everything where the agent changed and a case with it', () => {
    const definitions = new Map([...before.definitions, ['b', '2']])
    expect(after({ common: 'agent-2', whole: 'set-2', definitions })).toEqual([
      { folder: '/p/set' },
    ])
  })

  it('is only what changed where only cases did, new ones too', () => {
    const definitions = new Map([...before.definitions, ['b', '2'], ['d', '1']])
    const change = { folder: '/p/set', cases: ['b', 'd'] }
    expect(after({ whole: 'set-2', definitions })).toEqual([change])
  })

  it('is everything where every case changed, as by the world that they share', () => {
    const definitions = new Map([...before.definitions.keys()].map((id) => [id, '2']))
    expect(after({ whole: 'set-2', definitions })).toEqual([{ folder: '/p/set' }])
  })

  it('is everything where a case went away: the numbers are others', () => {
    const definitions = new Map([...before.definitions].slice(1))
    expect(after({ whole: 'set-2', definitions })).toEqual([{ folder: '/p/set' }])
  })

  it('is everything of a set that was not there', () => {
    const other = { ...before, folder: '/p/other' }
    expect(whatChanged([before], [before, other])).toEqual([{ folder: '/p/other' }])
    expect(whatChanged([before, other], [before])).toEqual([])
  })
})
