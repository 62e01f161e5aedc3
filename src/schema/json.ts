import { z } from 'zod'

/** Anything that JSON can hold; what tools return and what worlds are made of. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject

export interface JsonObject {
  readonly [key: string]: JsonValue
}

export const jsonValue: z.ZodType<JsonValue> = z.json()
export const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), jsonValue)

/**
 * A checked document seen as JSON. Members that are `undefined` stand for nothing: writing and
 * hashing leave them out.
 */
export function asJson(document: object): JsonObject {
  return document as JsonObject
}
