import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { seededDraws } from './seeded-draws.js'

/**
 * A run of many trials, made from a real one of a trial per case: same documents, but every trial has
 * its own seed, way, amounts and outcome, as those of a model have.
 *
 * @param chance - of passing, in every case
 */
export function writeLargeRun(folder, { from, trials, chance, name }) {
  const draws = seededDraws(name)
  const manifest = JSON.parse(readFileSync(path.join(from, 'run.json'), 'utf8'))
  const lines = readFileSync(path.join(from, 'trials.jsonl'), 'utf8').trimEnd().split('\n')
  const models = lines.map((line) => JSON.parse(line))
  mkdirSync(folder, { recursive: true })
  const run = {
    ...manifest,
    run: name,
    provenance: { ...manifest.provenance, agentBehind: 'model' },
    cases: manifest.cases.map((one) => ({ ...one, trials })),
  }
  writeFileSync(path.join(folder, 'run.json'), JSON.stringify(run))
  for (let trial = 1; trial <= trials; trial++) {
    const round = models.map((line) => JSON.stringify(anotherTrial(line, trial, chance, draws)))
    appendFileSync(path.join(folder, 'trials.jsonl'), `${round.join('\n')}\n`)
  }
}

function anotherTrial(line, trial, chance, draws) {
  const passed = draws.uniform() < chance
  const stretch = 0.5 + draws.uniform()
  const costUsd = 0.03 * stretch
  return {
    ...line,
    trial,
    seed: Math.floor(draws.uniform() * 2 ** 32),
    outcome: passed ? 'pass' : 'fail',
    grades: passed ? line.grades : line.grades.map((grade) => failed(grade, draws)),
    violations: draws.uniform() < 0.01 ? [{ rule: 'own', proposed: 1, executed: 0 }] : [],
    path: passed ? line.path : line.path.slice(0, Math.floor(draws.uniform() * 3)),
    trajectoryHash: `sha256:${hex(draws)}${hex(draws)}`,
    costUsd,
    costByRole: { agent: costUsd },
    inputTokens: Math.round(9000 * stretch),
    outputTokens: Math.round(300 * stretch),
    elapsedMs: 2400 * stretch,
  }
}

function failed(grade, draws) {
  if (grade.grader !== 'calls') return grade
  const reason = `did not do what was asked, in way ${Math.floor(draws.uniform() * 20)}`
  return { ...grade, status: 'fail', reason }
}

function hex(draws) {
  return Math.floor(draws.uniform() * 2 ** 32)
    .toString(16)
    .padStart(8, '0')
}
