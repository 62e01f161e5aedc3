import type { EffectiveValue } from '../../schema/effective-config.ts'
import type { Io } from '../io.ts'
import { wantsColour } from '../print/print-result.ts'
import type { RunOptions } from '../run/run-options.ts'

/** How the result would be told, and to whom. */
export function outputValues(options: RunOptions, io: Io): readonly EffectiveValue[] {
  return [
    reporters(options),
    github(options, io.env),
    typedOrNot(['quiet', '--quiet'], options.quiet),
    color(options, io),
  ]
}

function reporters({ json, reporter }: RunOptions): EffectiveValue {
  const key = 'reporter'
  if (json === true) return { key, value: ['json'], source: { from: 'flag', flag: '--json' } }
  if (reporter === undefined) return { key, value: ['terminal'], source: { from: 'default' } }
  return { key, value: [...reporter], source: { from: 'flag', flag: '--reporter' } }
}

/** Whether a job of GitHub's is told: annotations, summary and outputs. */
function github({ github: isWanted }: RunOptions, env: Io['env']): EffectiveValue {
  const key = 'github'
  if (isWanted === false) {
    return { key, value: false, source: { from: 'flag', flag: '--no-github' } }
  }
  if (env['GITHUB_ACTIONS'] !== 'true') {
    return { key, value: false, source: { from: 'default' } }
  }
  return { key, value: true, source: { from: 'environment', variable: 'GITHUB_ACTIONS' } }
}

/** What it comes to here: where nobody says, it is what stdout is. */
function color({ color: typed }: RunOptions, io: Io): EffectiveValue {
  const value = wantsColour(io, typed === undefined ? {} : { color: typed })
  const variable = ['NO_COLOR', 'FORCE_COLOR'].find((name) => (io.env[name] ?? '') !== '')
  const flag = value ? '--color' : '--no-color'
  if (typed !== undefined) return { key: 'color', value, source: { from: 'flag', flag } }
  if (variable === undefined) return { key: 'color', value, source: { from: 'default' } }
  return { key: 'color', value, source: { from: 'environment', variable } }
}

function typedOrNot(
  [key, flag]: readonly [key: string, flag: string],
  typed: boolean | undefined,
): EffectiveValue {
  return typed === undefined
    ? { key, value: false, source: { from: 'default' } }
    : { key, value: typed, source: { from: 'flag', flag } }
}
