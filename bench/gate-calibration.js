// `npm run bench:gate`: how often the gate is wrong, counted on simulated suites, beside the figures
// of another simulation of the same rules and beside the rules that most gates use.
//   --svg FILE           draw what happens to an unchanged agent
//   --comparisons N      comparisons in every cell, instead of as many as fit into a minute
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { anyDropChart } from './any-drop-chart.js'
import { simulateCell } from './simulate-cell.js'

const workers = 2
/**
 * By number of cases: as many where an error rate is claimed, a quarter of them elsewhere. Each cell
 * has its own seed: who computes it, and when, makes no difference.
 */
const comparisonsFor = { 50: 3000, 200: 2000, 400: 1500 }
/** One figure in 370 lies outside by chance: of these, more than three in one seed of a hundred. */
const allowedOutside = 3
const scenarios = {
  unchanged: 'nothing changed',
  drop2: 'every case a bit worse, -2 points',
  drop5: 'every case a bit worse, -5 points',
  broken5: 'single cases broken, -5 points',
  drop10: 'every case worse, -10 points',
}
const rules = {
  anyDrop: '"any drop" fails',
  over2: '"more than 2 points" fails',
  z: 'unpaired z fails',
  regression: 'gate: regression',
  pass: 'gate: pass',
}

if (isMainThread) await calibrate()
else parentPort.on('message', (cell) => parentPort.postMessage(simulateCell(cell)))

async function calibrate() {
  const { values } = parseArgs({
    options: { svg: { type: 'string' }, comparisons: { type: 'string' } },
  })
  const file = path.join(import.meta.dirname, 'calibration-table.json')
  const table = JSON.parse(readFileSync(file, 'utf8'))
  const started = performance.now()
  const cells = table.rows.flatMap(({ suite, cases, trials }) =>
    Object.keys(scenarios).map((scenario) => {
      const share = ['unchanged', 'drop5'].includes(scenario) ? 1 : 0.25
      const comparisons = Number(values.comparisons ?? comparisonsFor[cases] * share)
      return { suite, cases, trials, scenario, comparisons }
    }),
  )
  const counted = await simulateAll(cells)
  const figures = table.rows.flatMap((row) => figuresOf(row, table, counted))
  for (const suite of new Set(table.rows.map((row) => row.suite))) {
    print(figures.filter((one) => one.suite === suite))
  }
  conclude(figures, table)
  const seconds = ((performance.now() - started) / 1000).toFixed(0)
  const { system, user } = process.cpuUsage()
  const cpu = ((system + user) / 1e6).toFixed(0)
  console.log(`${seconds} s, ${cpu} s CPU, on ${workers} threads (target 120 s)`)
  if (values.svg !== undefined) writeFileSync(values.svg, anyDropChart(figures))
}

/** Cells in turn to whichever thread is free, the largest first. */
async function simulateAll(cells) {
  const counted = new Map()
  const queue = [...cells].sort((a, b) => sizeOf(a) - sizeOf(b))
  await Promise.all(Array.from({ length: workers }, () => workThrough(queue, counted)))
  return counted
}

function workThrough(queue, counted) {
  const worker = new Worker(new URL(import.meta.url))
  return new Promise((resolve, reject) => {
    let cell
    const next = () => {
      cell = queue.pop()
      if (cell !== undefined) worker.postMessage(cell)
      else resolve(worker.terminate())
    }
    worker.on('error', reject)
    worker.on('message', (counts) => {
      counted.set(keyOf(cell), { counts, comparisons: cell.comparisons })
      next()
    })
    next()
  })
}

function sizeOf({ cases, comparisons, trials }) {
  return cases * trials * comparisons
}

function keyOf({ suite, cases, trials, scenario }) {
  return `${suite} ${cases} ${trials} ${scenario}`
}

function figuresOf(row, table, counted) {
  return table.figures.map((name, index) => {
    const [scenario, rule] = name.split('.')
    const { counts, comparisons } = counted.get(keyOf({ ...row, scenario }))
    const { suite, cases, trials } = row
    const ours = { share: counts[rule] / comparisons, comparisons }
    const theirs = { percent: row.percent[index], comparisons: table.comparisons }
    const apart = standardErrorsApart(ours, theirs)
    return { suite, cases, trials, scenario, rule, ours, theirs, apart }
  })
}

/** In Monte Carlo errors of both sides together; from the nearest share that rounds to the table's. */
function standardErrorsApart(ours, theirs) {
  const rounding = theirs.percent < 10 ? 0.0005 : 0.005
  const listed = theirs.percent / 100
  const nearest = Math.min(listed + rounding, Math.max(listed - rounding, ours.share))
  const events = ours.share * ours.comparisons + nearest * theirs.comparisons
  // Half an event more, and half a miss: no share is certain.
  const share = (events + 0.5) / (ours.comparisons + theirs.comparisons + 1)
  const variance = share * (1 - share) * (1 / ours.comparisons + 1 / theirs.comparisons)
  return (ours.share - nearest) / Math.sqrt(variance)
}

function print(figures) {
  const sizes = [...new Set(figures.map(sizeText))]
  console.log(
    `\nsuite "${figures[0].suite}": percent here, percent in the table, standard errors apart`,
  )
  for (const [scenario, what] of Object.entries(scenarios)) {
    console.log(line(what, sizes))
    for (const [rule, does] of Object.entries(rules)) {
      const own = figures.filter((one) => one.scenario === scenario && one.rule === rule)
      if (own.length > 0) console.log(line(`  ${does}`, own.map(figureText)))
    }
  }
}

function line(start, texts) {
  return start.padEnd(35) + texts.map((text) => text.padStart(17)).join('')
}

function sizeText({ cases, trials }) {
  return `${cases} x ${trials}`
}

function figureText({ ours, theirs, apart }) {
  const table = theirs.percent < 10 ? theirs.percent.toFixed(1) : theirs.percent.toFixed(0)
  return `${percent(ours.share)} ${table.padStart(4)} ${signed(apart).padStart(5)}`
}

function percent(share) {
  return (share * 100).toFixed(1)
}

function signed(value) {
  const text = value.toFixed(1)
  return value > 0 && Number(text) !== 0 ? `+${text}` : text.replace(/^-0\.0$/, '0.0')
}

/** The claims. Everything is seeded, so a miss is a change of the gate and not bad luck. */
function conclude(figures, { source, comparisons }) {
  const outside = figures.filter(({ apart }) => Math.abs(apart) > 3)
  console.log(
    `\n${figures.length} figures, ${outside.length} more than three standard errors apart`,
  )
  for (const one of outside) console.log(`  ${nameOf(one)}: ${figureText(one)}`)
  const falseAlarms = those(figures, 'unchanged', 'regression')
  const falsePasses = those(figures, 'drop5', 'pass')
  console.log(claim('unchanged, and called a regression', falseAlarms, 0.05))
  console.log(claim('worse by the margin, and passed', falsePasses, 0.06))
  const numbers = [...new Set(figures.map(({ ours }) => ours.comparisons))].sort((a, b) => a - b)
  console.log(`comparisons per cell: ${numbers.join(', ')}; in the table ${comparisons}`)
  console.log(`the table: ${source}`)
  const isWrong = isBeyond(falseAlarms, 0.05) || isBeyond(falsePasses, 0.06)
  if (outside.length > allowedOutside || isWrong) process.exitCode = 1
}

/** Two sides of a normal beyond three standard errors: 0.27 %. */
function expected(figures) {
  return (figures.length * 0.0027).toFixed(1)
}

function those(figures, scenario, rule) {
  return figures.filter((one) => one.scenario === scenario && one.rule === rule)
}

function claim(what, figures, limit) {
  const worst = figures.reduce((most, one) => (one.ours.share > most.ours.share ? one : most))
  const mean = figures.reduce((sum, { ours }) => sum + ours.share, 0) / figures.length
  const most = `at most ${percent(worst.ours.share)} % ± ${percent(errorOf(worst))}`
  const where = `suite "${worst.suite}" ${sizeText(worst)}; limit ${percent(limit)} %`
  return `${what}: ${most} (${where}), on average ${percent(mean)} %`
}

function isBeyond(figures, limit) {
  return figures.some((one) => one.ours.share - 3 * errorOf(one) > limit)
}

function errorOf({ ours }) {
  return Math.sqrt((ours.share * (1 - ours.share)) / ours.comparisons)
}

function nameOf(figure) {
  const { scenario, rule, suite } = figure
  return `${suite} ${sizeText(figure)}, ${scenarios[scenario]}, ${rules[rule]}`
}
