/**
 * An answer without the token that its server was sent: one that repeats what it hears must not bring it
 * into a reason, an id or an argument. Names of members are looked at too.
 *
 * @param answer - as `JSON.parse` gives it
 * @throws RangeError where it is nested too deep to be looked through
 */
export function withoutToken(answer: unknown, token: string): unknown {
  if (typeof answer === 'string') return answer.replaceAll(token, '…')
  if (Array.isArray(answer)) return answer.map((item) => withoutToken(item, token))
  if (typeof answer !== 'object' || answer === null) return answer
  const members = Object.entries(answer)
  // Not by assignment: a key `__proto__` has to stay a key.
  return Object.fromEntries(
    members.map(([key, value]) => [key.replaceAll(token, '…'), withoutToken(value, token)]),
  )
}
