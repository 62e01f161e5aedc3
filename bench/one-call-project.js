import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** A project whose trials take one call of a model each: a question, and an answer without a tool. */
export function writeOneCallProject(folder, { baseUrl, cases, concurrency }) {
  const set = path.join(folder, 'set')
  mkdirSync(path.join(set, 'cases', 'outcome'), { recursive: true })
  const files = {
    'agent-eval.yaml': {
      apiVersion: 'agent-eval/v1',
      evalsets: ['set'],
      models: { default: 'openai:fake' },
      concurrency,
      providers: { openai: { base_url: baseUrl, api_key_env: 'none' } },
      money: { prices: { 'openai:fake': { input_per_mtok: 1, output_per_mtok: 2 } } },
    },
    'set/evalset.yaml': {
      apiVersion: 'agent-eval/v1',
      id: 'one-call',
      version: '1',
      candidate: 'agent.yaml',
    },
    'set/agent.yaml': { agent: { name: 'one-call' } },
    'set/world.yaml': { clock: '2026-01-01T00:00:00Z', state: {}, tools: {} },
  }
  for (const [name, document] of Object.entries(files)) {
    writeFileSync(path.join(folder, name), JSON.stringify(document))
  }
  const lines = Array.from({ length: cases }, (_, index) => JSON.stringify(oneCallCase(index)))
  writeFileSync(path.join(set, 'cases', 'outcome', 'all.jsonl'), `${lines.join('\n')}\n`)
}

function oneCallCase(index) {
  return {
    id: `ask.${index}`,
    ask: `Please do number ${index}.`,
    expect: { says: [{ any: 'done' }] },
    oracle: [{ say: 'I am done.' }],
  }
}
