/** What stands where there is no number. */
export const notAvailable = 'n/a'

/**
 * A share in [0, 1] as `96.7 %`. Only a true 0 or 1 reads as `0.0 %` or `100.0 %`, and what is nearer
 * to them than a hundred-millionth.
 */
export function percent(share: number | undefined): string {
  return withUnit(share, (known) => `${fixed(known * 100, [0, 100])} %`)
}

/** A difference of shares, in [-1, 1], as `-10.8 points`; ASCII minus, so that it can be searched. */
export function points(change: number | undefined): string {
  return withUnit(change, (known) => `${signed(known * 100)} points`)
}

/** The same for tables, without the word: `-10.8`. */
export function pointsNumber(change: number | undefined): string {
  return withUnit(change, (known) => signed(known * 100))
}

/** How many points, whichever way: `10.8`. */
export function pointsSize(change: number | undefined): string {
  return withUnit(change, (known) => fixed(Math.abs(known * 100), [0]))
}

/** A ratio candidate / baseline as the change it means: 1.29 is `+29 %`, 0.5 is `-50 %`. */
export function ratio(quotient: number | undefined): string {
  return withUnit(quotient, (known) => {
    const size = known - 1
    return `${withSign(ratioNumber(size * 100))} %`
  })
}

/** How far a ratio is from 1, whichever way: `29 %`. */
export function ratioSize(quotient: number | undefined): string {
  return withUnit(quotient, (known) => `${ratioNumber(Math.abs(known - 1) * 100)} %`)
}

/** US dollars: two decimals from one dollar on, three significant digits below: `$0.00042`. */
export function usd(amount: number | undefined): string {
  return withUnit(amount, (known) => {
    if (known === 0) return '$0'
    if (known >= 1000) return `$${whole(known)}`
    if (known >= 1) return `$${known.toFixed(2)}`
    const decimals = Math.min(20, 2 - Math.floor(Math.log10(known)))
    return `$${known.toFixed(decimals).replace(/(\.\d\d\d*?)0+$/, '$1')}`
  })
}

/** Milliseconds as `850 ms`, `14.2 s`, `13m 32s` or `2h 05m`. */
export function duration(ms: number | undefined): string {
  return withUnit(ms, (known) => {
    if (known < 999.5) return `${Math.round(known)} ms`
    if (known < 59_950) return `${(known / 1000).toFixed(1)} s`
    const seconds = Math.round(known / 1000)
    if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${twoDigits(seconds % 60)}s`
    const minutes = Math.round(seconds / 60)
    return `${Math.floor(minutes / 60)}h ${twoDigits(minutes % 60)}m`
  })
}

/** `116/120`, or `n/a` of none. */
export function countOf(events: number, n: number): string {
  return n === 0 ? notAvailable : `${events}/${n}`
}

/** A whole number with separators: `12,040`. */
export function whole(amount: number | undefined): string {
  return withUnit(amount, (known) => String(Math.round(known)).replace(/\B(?=(\d{3})+$)/g, ','))
}

/** A mean count, such as tool calls per task: `4.2`; from a thousand on without decimals. */
export function amount(mean: number | undefined): string {
  return withUnit(mean, (known) => (known >= 1000 ? whole(known) : known.toFixed(1)))
}

/** A p-value, never `0`: `0.031`, `<0.001`. */
export function pValue(p: number | undefined): string {
  return withUnit(p, (known) => (known < 0.001 ? '<0.001' : known.toFixed(3)))
}

/** `1 case`, `4 cases`. */
export function plural(count: number, noun: string): string {
  return `${whole(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** The first `most` items, and how many there are beside: `a, b and 3 more`. */
export function listed(items: readonly string[], most: number): string {
  const rest = items.length - most
  if (rest <= 0) return items.join(', ')
  return `${items.slice(0, most).join(', ')} and ${rest} more`
}

function withUnit(value: number | undefined, format: (known: number) => string): string {
  return value === undefined || !Number.isFinite(value) ? notAvailable : format(value)
}

/**
 * One decimal; more where one would claim a value that only the true one may have, such as 0.0 for
 * one violation in ten thousand trials. What six decimals do not tell from that value is the noise of
 * floating-point sums.
 */
function fixed(value: number, reserved: readonly number[]): string {
  const claimed = (decimals: number): number | undefined =>
    reserved.find((exact) => Number(value.toFixed(decimals)) === exact)
  const noise = claimed(6)
  if (noise !== undefined) return noise.toFixed(1)
  return value.toFixed([1, 2, 3, 4].find((decimals) => claimed(decimals) === undefined) ?? 6)
}

function signed(value: number): string {
  return withSign(fixed(value, [0]))
}

/** A minus stands there already. */
function withSign(text: string): string {
  return Number(text) > 0 ? `+${text}` : text
}

/** Whole percent from ten on, one decimal below; no amount is known to more. */
function ratioNumber(value: number): string {
  if (Math.abs(value) >= 9.95) return value.toFixed(0)
  return Math.abs(value) < 0.05 ? '0.0' : value.toFixed(1)
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
