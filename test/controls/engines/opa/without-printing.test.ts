/* eslint-disable no-console -- it is what is tested */

import { expect, it, onTestFinished } from 'vitest'
import { withoutPrinting } from '../../../../src/controls/engines/opa/without-printing.ts'
import { aCall } from '../cel/ask.ts'
import { hostilePolicy } from './hostile.ts'
import { gist, opened, portsOver, problemsOf } from './ports.ts'

/** What is printed from now on; where the library prints, it calls `console.log`. */
function listen(): readonly unknown[] {
  const printed: unknown[] = []
  const { log } = console
  console.log = (...words: unknown[]) => {
    printed.push(...words)
  }
  onTestFinished(() => {
    console.log = log
  })
  return printed
}

const print = '(call $opa_println (i32.const 3100))'

it('prints nothing while a policy decides, however it ends', async () => {
  const printed = listen()
  for (const end of ['(i32.const 3000)', '(unreachable)']) {
    const wasm = await hostilePolicy({ decide: `${print} ${end}` })
    const engine = await opened({ wasm: 'p.wasm' }, portsOver({ 'p.wasm': wasm }))
    const said = [await engine.decide(aCall()), await engine.decide(aCall())].map(gist)
    expect(said[0]).toMatch(/^(allow agent|deny agent.decision !the policy failed)/)
    expect(said[1]).toBe(said[0])
  }
  expect(printed).toEqual([])
  console.log('ours')
  expect(printed).toEqual(['ours'])
})

it('prints nothing while one is loaded', async () => {
  const printed = listen()
  const start = `(func $talk ${print}) (start $talk)`
  const talking = await hostilePolicy({ more: start })
  const engine = await opened({ wasm: 'p.wasm' }, portsOver({ 'p.wasm': talking }))
  expect(gist(await engine.decide(aCall()))).toBe('allow agent.decision')
  const failing = await hostilePolicy({
    more: `(func $talk ${print} (unreachable)) (start $talk)`,
  })
  const settings = { wasm: 'p.wasm' }
  expect(await problemsOf(settings, portsOver({ 'p.wasm': failing }))).toHaveLength(1)
  expect(printed).toEqual([])
  console.log('ours')
  expect(printed).toEqual(['ours'])
})

it('gives the result, and printing back after a failure', () => {
  const printed = listen()
  expect(withoutPrinting(() => 7)).toBe(7)
  const fail = (): never => {
    console.log('lost')
    throw new Error('no')
  }
  expect(() => withoutPrinting(fail)).toThrow('no')
  console.log('kept')
  expect(printed).toEqual(['kept'])
})
