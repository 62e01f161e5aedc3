import path from 'node:path'
import type { EffectiveValue, ValueSource } from '../../schema/effective-config.ts'
import type { JsonValue } from '../../schema/json.ts'
import type { JudgingGround } from '../at-base/judging-ground.ts'
import type { Io } from '../io.ts'
import type { Project, ProjectEvalSet } from '../project.ts'
import type { RunOptions } from '../run/run-options.ts'
import { fileOrDefault } from './held-values.ts'
import { outputValues } from './output-values.ts'
import type { PlacedFile } from './placed-file.ts'
import { selectionValues } from './selection-values.ts'
import { whyUngated } from './why-ungated.ts'

/** What the options of a run are read from. */
export interface RunGround {
  /** As typed. */
  readonly options: RunOptions
  readonly ground: JudgingGround
  readonly own: ProjectEvalSet
  readonly project: Project
  readonly files: { readonly project: PlacedFile; readonly evalSet: PlacedFile }
  readonly io: Io
}

/** Every option of the run: the command line beats the files, and the base beats those of a change. */
export function runValues(run: RunGround): readonly EffectiveValue[] {
  return [
    candidateFile(run),
    ...selectionValues(run.options, run.io),
    ...sampleValues(run),
    ...moneyValues(run),
    ...decideValues(run),
    ...executeValues(run),
    ...outputValues(run.options, run.io),
  ]
}

/** What holds where the command line says nothing. */
interface Otherwise {
  readonly value: JsonValue
  readonly source: ValueSource
}

function option(
  [key, flag]: readonly [key: string, flag: string],
  typed: JsonValue | undefined,
  otherwise: Otherwise,
): EffectiveValue {
  if (typed === undefined) return { key, ...otherwise }
  return { key, value: typed, source: { from: 'flag', flag } }
}

function byDefault(value: JsonValue): Otherwise {
  return { value, source: { from: 'default' } }
}

function candidateFile({ files, options, own }: RunGround): EffectiveValue {
  return option(['candidate', '--candidate'], options.candidate, {
    value: own.loaded.file.candidate ?? null,
    source: fileOrDefault(files.evalSet, ['candidate']),
  })
}

function sampleValues(run: RunGround): readonly EffectiveValue[] {
  const { ground, options } = run
  const { maxDuration } = options
  const ownTrials = ground.evalSet.loaded.cases.filter(({ trials }) => trials !== undefined).length
  const trials = option(['trials', '--trials'], options.trials, usualTrials(run))
  const isNoted = ownTrials > 0 && options.trials === undefined
  return [
    isNoted ? { ...trials, note: `${ownTrials} cases have their own` } : trials,
    option(['max_trials', '--max-trials'], options.maxTrials, roundsOf(run)),
    option(
      ['max_duration_seconds', '--max-duration'],
      maxDuration === undefined ? undefined : maxDuration / 1000,
      byDefault(null),
    ),
    option(['seed', '--seed'], options.seed, projectValue(run, 'seed')),
    option(['confirm', '--confirm'], options.confirm, byDefault(false)),
    option(['skip_unchanged', '--skip-unchanged'], options.skipUnchanged, byDefault(false)),
  ]
}

function usualTrials({ files, ground, own }: RunGround): Otherwise {
  const { trials } = ground.project.config
  if (trials !== undefined) {
    return { value: trials, source: fileOrDefault(files.project, ['trials']) }
  }
  const path = ['defaults', 'trials']
  return { value: own.loaded.file.defaults.trials, source: fileOrDefault(files.evalSet, path) }
}

/** Rounds at most, where a run may end early; else all trials are made. */
function roundsOf({ files, ground, own }: RunGround): Otherwise {
  const held = ground.evalSet.loaded.file.gate.max_trials
  const isBases = ground.base !== undefined && held !== own.loaded.file.gate.max_trials
  const source: ValueSource = isBases
    ? { from: 'base', base: ground.base.name }
    : fileOrDefault(files.evalSet, ['gate', 'max_trials'])
  return { value: held ?? null, source }
}

/** A value of the project file that the base may overrule. */
function projectValue(
  { files, ground, project }: RunGround,
  key: 'seed' | 'concurrency' | 'output',
): Otherwise {
  const value = ground.project.config[key]
  if (ground.base !== undefined && value !== project.config[key]) {
    return { value, source: { from: 'base', base: ground.base.name } }
  }
  return { value, source: fileOrDefault(files.project, [key]) }
}

function moneyValues({ files, ground, options, project }: RunGround): readonly EffectiveValue[] {
  const { budget_usd: held } = ground.project.config.money
  const isBases = ground.base !== undefined && held !== project.config.money.budget_usd
  const source: ValueSource = isBases
    ? { from: 'base', base: ground.base.name }
    : fileOrDefault(files.project, ['money', 'budget_usd'])
  return [
    option(['budget_usd', '--budget'], options.budget, { value: held ?? null, source }),
    option(['yes', '--yes'], options.yes, byDefault(false)),
    // Its default is the command line's own, and looks the same as what is typed.
    option(
      ['cassette', '--cassette'],
      options.cassette === 'off' ? undefined : options.cassette,
      byDefault('off'),
    ),
  ]
}

function decideValues(run: RunGround): readonly EffectiveValue[] {
  const { options } = run
  const why = whyUngated(options)
  const otherwise: Otherwise =
    why === undefined ? byDefault(true) : { value: false, source: { from: 'derived', why } }
  return [
    option(['gate', '--no-gate'], options.gate ? undefined : false, otherwise),
    option(['strict', '--strict'], options.strict, byDefault(false)),
    option(['baseline', '--baseline'], options.baseline, usualBaseline(run)),
    option(['require_baseline', '--require-baseline'], options.requireBaseline, byDefault(false)),
  ]
}

function usualBaseline({ files, ground, own, project }: RunGround): Otherwise {
  const { atBase, base } = ground
  const file = path.relative(project.cwd, own.baselineFile)
  if (base === undefined) {
    return { value: file, source: fileOrDefault(files.evalSet, ['baseline']) }
  }
  return { value: atBase?.baselineFile ?? file, source: { from: 'base', base: base.name } }
}

function executeValues(run: RunGround): readonly EffectiveValue[] {
  const { options } = run
  return [
    option(['concurrency', '--jobs'], options.jobs, projectValue(run, 'concurrency')),
    option(
      ['mode', '--mode'],
      options.mode === 'enforce' ? undefined : options.mode,
      byDefault('enforce'),
    ),
    option(['resume', '--resume'], options.resume, byDefault(false)),
    option(['watch', '--watch'], options.watch, byDefault(false)),
    option(['output', '--output'], options.output, projectValue(run, 'output')),
    option(['history', '--history'], options.history, byDefault(false)),
  ]
}
