import { type Command, InvalidArgumentError, Option } from 'commander'

/** Gathers a repeatable option into a list. */
export function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value]
}

/** Gathers risk tiers. */
export function collectTier(value: string, earlier: readonly number[] = []): readonly number[] {
  if (/^[0-4]$/.test(value)) return [...earlier, Number(value)]
  throw new InvalidArgumentError('expected a risk tier from 0 to 4')
}

/** A whole number of at least one. */
export function positiveInteger(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw new InvalidArgumentError('expected a whole number of at least 1')
}

const unitsMs = { s: 1000, m: 60_000, h: 3_600_000 } as const

/** A length of time such as `90s`, `10m` or `2h`, in milliseconds; more than none. */
export function durationMs(text: string): number {
  const match = /^(\d{1,6})([smh])$/.exec(text)
  const value = Number(match?.[1]) * unitsMs[match?.[2] as keyof typeof unitsMs]
  if (value > 0) return value
  throw new InvalidArgumentError('expected a whole number and its unit, such as 90s, 10m or 2h')
}

/** An amount of US dollars of more than nothing, such as `5` or `0.50`. */
export function usDollars(text: string): number {
  const value = Number(text)
  if (/^\d{1,9}(?:\.\d{1,9})?$/.test(text) && value > 0) return value
  throw new InvalidArgumentError('expected an amount of US dollars, such as 5 or 0.50')
}

/** A whole number from 0 to 2^32 - 1. */
export function seedNumber(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value <= 0xffff_ffff) return value
  throw new InvalidArgumentError('expected a whole number from 0 to 4294967295')
}

/** Numbers separated by commas. */
export function numberList(text: string): readonly number[] {
  const values = text.split(',').map((item) => (/^\d{1,9}$/.test(item.trim()) ? Number(item) : -1))
  if (values.every((value) => value >= 0)) return values
  throw new InvalidArgumentError('expected whole numbers separated by commas, for example 0,1')
}

/** Of a result; `{evalset}` in the name of a file stands for the id of the eval set. */
const resultFormats = 'terminal, markdown, html, json, github, junit, sarif'

/**
 * Options that every command which prints a result has.
 *
 * @param formats - what there is to choose from
 */
export function addOutputOptions(command: Command, formats = resultFormats): Command {
  return command
    .addOption(
      new Option('-r, --reporter <name[:file]>', `how to print; repeatable (${formats})`)
        .argParser(collect)
        .helpGroup('Output'),
    )
    .addOption(new Option('--json', 'print the result document to stdout').helpGroup('Output'))
    .addOption(new Option('-q, --quiet', 'no progress').helpGroup('Output'))
    .addOption(new Option('--color', 'colour even where stdout is no terminal').helpGroup('Output'))
    .addOption(new Option('--no-color', 'no colour').helpGroup('Output'))
}

/** Of commands that decide: under GitHub Actions their runner is told without being asked to. */
export function addGithubOption(command: Command): Command {
  const says = 'under GitHub Actions: no annotations, job summary and outputs'
  return command.addOption(new Option('--no-github', says).helpGroup('Output'))
}

export interface OutputOptions {
  readonly reporter?: readonly string[]
  readonly json?: boolean
  readonly quiet?: boolean
  readonly color?: boolean
  readonly github?: boolean
}
