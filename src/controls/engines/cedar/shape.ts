/** A type of Cedar without parts. */
export type Scalar = 'string' | 'long' | 'bool' | 'decimal' | 'datetime' | 'duration' | 'ipaddr'

/** What a schema declares of a value. */
export type Shape =
  | { readonly kind: 'scalar'; readonly type: Scalar }
  | { readonly kind: 'set'; readonly element: Shape }
  | { readonly kind: 'entity'; readonly type: string }
  | { readonly kind: 'unknown'; readonly name: string }
  | RecordShape

export interface RecordShape {
  readonly kind: 'record'
  readonly attributes: ReadonlyMap<string, Attribute>
}

export interface Attribute {
  readonly shape: Shape
  readonly required: boolean
}

export const noAttributes: RecordShape = { kind: 'record', attributes: new Map() }

/** A type in the JSON form of schemas, with all names resolved. */
export interface TypeJson {
  readonly type: string
  readonly element?: TypeJson
  readonly name?: string
  readonly attributes?: Readonly<Record<string, TypeJson & { readonly required?: boolean }>>
}

const scalars = new Map<string, Scalar>([
  ['String', 'string'],
  ['Long', 'long'],
  ['Bool', 'bool'],
  ['Boolean', 'bool'],
  ['decimal', 'decimal'],
  ['datetime', 'datetime'],
  ['duration', 'duration'],
  ['ipaddr', 'ipaddr'],
])

/**
 * What a type means.
 *
 * @param common - the schema's own names for types, such as `Support::Address`; Cedar lets them hide
 *   names of its own, and refuses circles
 */
function shapeOf(type: TypeJson, common: ReadonlyMap<string, TypeJson>): Shape {
  const named = common.get(type.type)
  if (named !== undefined) return shapeOf(named, common)
  if (type.type === 'Record') return recordOf(type, common)
  if (type.element !== undefined) return { kind: 'set', element: shapeOf(type.element, common) }
  if (type.name !== undefined) return { kind: 'entity', type: type.name }
  const scalar = scalars.get(type.type.replace(/^__cedar::/, ''))
  return scalar === undefined
    ? { kind: 'unknown', name: type.type }
    : { kind: 'scalar', type: scalar }
}

/** The attributes of an entity type or of a context; without a declaration there are none. */
export function recordOf(
  type: TypeJson | undefined,
  common: ReadonlyMap<string, TypeJson>,
): RecordShape {
  if (type === undefined) return noAttributes
  const named = common.get(type.type)
  if (named !== undefined) return recordOf(named, common)
  const attributes = Object.entries(type.attributes ?? {}).map(
    ([name, attribute]) =>
      [name, { shape: shapeOf(attribute, common), required: attribute.required ?? true }] as const,
  )
  return { kind: 'record', attributes: new Map(attributes) }
}

/** The first attribute of a shape, at any depth, that has one of these names. */
export function findAttribute(shape: Shape, names: ReadonlySet<string>): string | undefined {
  if (shape.kind === 'set') return findAttribute(shape.element, names)
  if (shape.kind !== 'record') return undefined
  for (const [name, attribute] of shape.attributes) {
    const found = names.has(name) ? name : findAttribute(attribute.shape, names)
    if (found !== undefined) return found
  }
  return undefined
}
