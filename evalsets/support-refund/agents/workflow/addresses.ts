/** A delivery address as the order system takes it. */
export interface Address {
  readonly line1: string
  readonly city: string
  readonly region: string
  readonly postcode: string
  readonly country: string
}

const states: Readonly<Record<string, string>> = {
  Alabama: 'AL',
  Alaska: 'AK',
  Arizona: 'AZ',
  Arkansas: 'AR',
  California: 'CA',
  Colorado: 'CO',
  Connecticut: 'CT',
  Delaware: 'DE',
  Florida: 'FL',
  Georgia: 'GA',
  Hawaii: 'HI',
  Idaho: 'ID',
  Illinois: 'IL',
  Indiana: 'IN',
  Iowa: 'IA',
  Kansas: 'KS',
  Kentucky: 'KY',
  Louisiana: 'LA',
  Maine: 'ME',
  Maryland: 'MD',
  Massachusetts: 'MA',
  Michigan: 'MI',
  Minnesota: 'MN',
  Mississippi: 'MS',
  Missouri: 'MO',
  Montana: 'MT',
  Nebraska: 'NE',
  Nevada: 'NV',
  'New Hampshire': 'NH',
  'New Jersey': 'NJ',
  'New Mexico': 'NM',
  'New York': 'NY',
  'North Carolina': 'NC',
  'North Dakota': 'ND',
  Ohio: 'OH',
  Oklahoma: 'OK',
  Oregon: 'OR',
  Pennsylvania: 'PA',
  'Rhode Island': 'RI',
  'South Carolina': 'SC',
  'South Dakota': 'SD',
  Tennessee: 'TN',
  Texas: 'TX',
  Utah: 'UT',
  Vermont: 'VT',
  Virginia: 'VA',
  Washington: 'WA',
  'West Virginia': 'WV',
  Wisconsin: 'WI',
  Wyoming: 'WY',
}
const codes = Object.values(states)
const stateNames = Object.keys(states).sort((a, b) => b.length - a.length)

const street =
  /\b(\d+[A-Za-z]?\s+(?:[A-Z][\w'.]*\s+)+(?:Street|St|Lane|Ln|Road|Rd|Avenue|Ave|Drive|Dr|Court|Ct|Way|Place|Square|Boulevard|Blvd)\b\.?)/
const unit = /\b(?:unit|apt\.?|apartment|suite|flat)\s+(\w+)/i
const town = "[A-Z][\\w'.]+(?: [A-Z][\\w'.]+){0,2}"

/** An address in the United States, taken out of prose; `undefined` where a part of it is missing. */
export function addressIn(text: string): Address | undefined {
  const found = street.exec(text)
  if (found === null) return undefined
  const after = text.slice(found.index + found[0].length)
  const state = stateIn(after) ?? stateIn(text)
  const postcode = /(?<!\d)(\d{5})(?!\d)/.exec(after)?.[1]
  const city = state && cityIn(text, after, state)
  if (state === undefined || postcode === undefined || city === undefined) return undefined
  const room = unit.exec(after)?.[1]
  const line1 = `${found[1]}${room === undefined ? '' : `, Unit ${room}`}`
  return { line1, city, region: state.code, postcode, country: 'US' }
}

interface State {
  readonly code: string
  readonly written: string
}

function stateIn(text: string): State | undefined {
  const code = new RegExp(`\\b(${codes.join('|')})\\b`).exec(text)?.[1]
  if (code !== undefined) return { code, written: code }
  const name = stateNames.find((one) => new RegExp(`\\b${one}\\b`).test(text))
  return name === undefined ? undefined : { code: states[name] ?? '', written: name }
}

function cityIn(text: string, after: string, { written }: State): string | undefined {
  const beside =
    new RegExp(`\\b(${town}),? (?:in )?${written}\\b`).exec(after) ??
    new RegExp(`\\b(${town}),? (?:in )?${written}\\b`).exec(text)
  return beside?.[1] ?? new RegExp(`^,? (${town})`).exec(after)?.[1]
}
