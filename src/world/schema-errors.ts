import { parsePointer } from './pointer.ts'

/** What we read of an error of the validator. */
export interface SchemaError {
  readonly instancePath: string
  readonly keyword: string
  readonly message?: string
  readonly params: Readonly<Record<string, unknown>>
}

const maxErrors = 20

/**
 * The errors of one value in words a model can act on: `amount_usd: must be number`,
 * `items[0].sku: is required`. At most 20, and how many more there are.
 */
export function readableErrors(errors: readonly SchemaError[]): readonly string[] {
  const texts = [...new Set(errors.filter(saysSomething).map(readable))]
  if (texts.length <= maxErrors) return texts
  return [...texts.slice(0, maxErrors), `and ${texts.length - maxErrors} more`]
}

/** `if` only repeats that its `then` or `else` failed, which has its own error. */
function saysSomething(error: SchemaError): boolean {
  return error.keyword !== 'if'
}

function readable(error: SchemaError): string {
  const { params } = error
  const steps = parsePointer(error.instancePath)
  const missing = params['missingProperty']
  if (typeof missing === 'string') return `${dotted([...steps, missing])}: is required`
  const extra = params['additionalProperty'] ?? params['unevaluatedProperty']
  if (typeof extra === 'string') return `${dotted([...steps, extra])}: is not a known property`
  const message = messageOf(error)
  return steps.length === 0 ? message : `${dotted(steps)}: ${message}`
}

function messageOf({ keyword, message, params }: SchemaError): string {
  if (keyword === 'enum') return `must be one of ${JSON.stringify(params['allowedValues'])}`
  if (keyword === 'const') return `must be ${JSON.stringify(params['allowedValue'])}`
  return message ?? `breaks "${keyword}"`
}

/** `['items', '0', 'sku']` as `items[0].sku`. */
function dotted(steps: readonly string[]): string {
  const text = steps.map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`)).join('')
  return text.replace(/^\./, '')
}
