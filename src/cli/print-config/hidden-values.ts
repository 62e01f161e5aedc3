import type { EffectiveValue } from '../../schema/effective-config.ts'
import type { JsonValue } from '../../schema/json.ts'

/** Values that may be secrets whatever they are called. */
const hidden = /^(?:providers\.[^.]+\.headers|target\.env)\./
const notShown = '(not shown)'

/** The same value without what nobody should read over a shoulder, or in a CI log. */
export function withoutSecrets(value: EffectiveValue): EffectiveValue {
  if (hidden.test(value.key)) return { ...value, value: notShown }
  return { ...value, value: withoutUsers(value.value) }
}

/** Users and passwords in addresses. */
function withoutUsers(value: JsonValue): JsonValue {
  return typeof value === 'string' ? value.replace(/(\w:\/\/)[^/@\s]*@/g, '$1') : value
}
