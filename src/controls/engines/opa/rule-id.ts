/** As long as an id of a rule may be. */
const longest = 120

/**
 * A name that a policy gave, in the form of a rule's id: `support/decision` is `support.decision`,
 * and what else may not stand in an id becomes a dash.
 *
 * @param otherwise - for names of which nothing is left
 */
export function ruleIdOf(name: string, otherwise: string): string {
  return clean(name) ?? clean(otherwise) ?? 'opa'
}

function clean(name: string): string | undefined {
  const id = name
    // Enough for an id, whatever has to go.
    .slice(0, 10 * longest)
    .replaceAll('/', '.')
    .replace(/[^A-Za-z0-9._:-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, longest)
  return id === '' ? undefined : id
}
