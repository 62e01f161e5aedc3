import { expect, it } from 'vitest'
import { loadEvalSet } from '../../src/suites/load-evalset.ts'
import { readSource } from '../../src/suites/source.ts'
import { renderProblems } from '../../src/suites/render-problems.ts'
import { refundDesk, memoryFolder, refundDeskWith } from './memory-folder.ts'

async function show(folder: Parameters<typeof loadEvalSet>[0]) {
  const r = await loadEvalSet(folder)
  console.log(r.ok ? JSON.stringify(r.evalSet.cases, null, 1) + r.evalSet.hash : renderProblems(r.problems))
}
it('x', async () => {
  await show(memoryFolder(refundDesk))
  await show(refundDeskWith({
    'cases/outcome/refund.yaml': refundDesk['cases/outcome/refund.yaml'].replace('tool: issue_refund','tool: isue_refund').replace('{$2.id}','{$3.id}').replace('order_id: O-1 }\n','order_id: { equals: 1 }}\n'),
    'cases/adversarial/note.yaml': refundDesk['cases/adversarial/note.yaml'].replace('plain','plane').replace('calls.exists','cals.exists').replace('any: delivered','any: "(?=x)"'),
    'cases/odd/x.yaml': 'id: X\nask: a\nexpect: {}\noracle: [{say: x},{tool: read_order},{call: read_order, arg: {}}]\ntrails: 3\nrisk_tier: 7',
    'cases/outcome/y.jsonl': '{"id":"a","ask":"x","expect":{"says":[{"any":"x"}]},"oracle":[{"say":"x"}]}\n\n{"id":"a","ask":"x","expect":{"says":[{"any":"x"}]},"oracle":[{"say":"x"}]}\n{"id":"b","id":"c"}\n{"id":"b",\n{"id":12345678901234567890}\n',
    'world.yaml': refundDesk['world.yaml'].replace('args.order_id in state','arg.order_id in state').replace('{args.order_id}','{args.order_id +}').replace('before.refunds', 'befor.refunds').replace('effect: read','effect: raed'),
  }))
  await show(refundDeskWith({
    'world.yaml': refundDesk['world.yaml'].replace('args.order_id in state','arg.order_id in state').replace('{args.order_id}','{args.order_id +}').replace('before.refunds', 'befor.refunds').replace('=now','=before'),
    'policy.yaml': 'rules:\n  - {id: a, tool: "pay*", condition: input.x}\n  - {id: a, tool: isue_refund, condition: "true", when: output.x}\n  - { id: b, condition: input.x && output.y}\n  - |\n    x',
    'evalset.yaml': refundDesk['evalset.yaml'].replace('"1"','1') + 'gate:\n  zero_tolerance: [refund_cap]\n  alpha: 0.7\n  waivers: [{rule: x, reason: y, owner: z, expires: 2026-1-1}]\n',
  }))
  await show(refundDeskWith({
    'world.yaml': refundDesk['world.yaml'].replace('args.order_id in state','arg.order_id in state').replace('{args.order_id}','{args.order_id +}').replace('before.refunds', 'befor.refunds').replace('=now','=before'),
    'policy.yaml': 'rules:\n  - {id: a, tool: "pay*", condition: input.x}\n  - {id: a, tool: isue_refund, condition: "true", when: output.x}\n  - { id: b, condition: input.x && output.y}',
    'evalset.yaml': refundDesk['evalset.yaml'] + 'gate:\n  zero_tolerance: [refund_cap]\n',
  }))
  const src = (text: string) => { const t = performance.now(); const r = readSource({text, file: 'f'}); console.log((performance.now()-t|0)+'ms', r.ok ? 'OK '+JSON.stringify(r.value.value).slice(0,200): renderProblems(r.problems)) }
  src('a: 1\na: 2\n"b": 1\nb: 2\n? [x]\n: 1\n: 3\n')
  src('__proto__: {x: 1}\na: {constructor: 1}\nb: [{prototype: {}}]')
  src('{"__proto__": {"x": 1}}')
  src('a: *b\n')
  src('a: &a [*a]\n')
  src('a: &a {<<: *a}\n')
  src('a: &a {x: 1}\nb: {<<: *a, y: 2}\nc: {<<: [*a, {x: 2, z: 3}], x: 9}\nd: {<<: 3}')
  src('a: !foo x\nb: !!binary aGk=\n')
  src('%YAML 1.1\n---\na: yes\n')
  src('a: 1\n---\nb: 2\n')
  src('a: 1\n b: 2\nc: [1,2\nd: "x\n')
  src('a: .inf\nb: 012\nc: 123456789012345678901\n')
  src('a: "\u0000"')
  src('')
  src('# only')
  let bomb = 'a0: &a0 [x,x,x,x,x,x,x,x,x]\n'; for (let i=1;i<10;i++) bomb += `a${i}: &a${i} [${Array(9).fill(`*a${i-1}`).join(',')}]\n`
  src(bomb)
  src('['.repeat(10000)); src('{"a":'.repeat(10000)+'1'+'}'.repeat(10000)); src('- '.repeat(10000)+'x')
  src('a: ' + 'x'.repeat(2e6)); src('a: [' + 'x '.repeat(1e6) + '}'); src('}'.repeat(1e6))
  src('"\\u001b[31mred": 1\n"\\u001b[31mred": 2')
  src('\ufeffa: 1\r\nb: [\r\n  "😀", x: 1, x: 2]\r\n')
}, 600000)
