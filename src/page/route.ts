/** What the page shows: nothing chosen is the overview. */
export interface Route {
  readonly case?: string
  /** Key of the trial that is read. */
  readonly trial?: string
  /** Key of the trial beside it. */
  readonly with?: string
  /** Number of the step to stand at. */
  readonly step?: string
}

const names = ['case', 'trial', 'with', 'step'] as const

/**
 * Reads the part of an address after `#`. Anything that is no route of ours, such as the name of a
 * section, is the overview.
 */
export function parseRoute(hash: string): Route {
  const fields = new URLSearchParams(hash.replace(/^#/, ''))
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = fields.get(name)
      return value === null || value === '' ? [] : [[name, value]]
    }),
  )
}

/** The address of a route, with its `#`. */
export function routeHash(route: Route): string {
  const fields = new URLSearchParams()
  for (const name of names) {
    const value = route[name]
    if (value !== undefined) fields.set(name, value)
  }
  return `#${fields.toString()}`
}

/** The same trials, and no place in them. */
export function withoutStep({ case: caseId, trial, with: other }: Route): Route {
  return {
    ...(caseId !== undefined && { case: caseId }),
    ...(trial !== undefined && { trial }),
    ...(other !== undefined && { with: other }),
  }
}

/** One step back: from two trials to one, to the case, to the overview. */
export function outerRoute(route: Route): Route {
  const { case: caseId, trial } = route
  if (route.with !== undefined && trial !== undefined) return withCase(caseId, { trial })
  return trial === undefined ? {} : withCase(caseId, {})
}

function withCase(caseId: string | undefined, rest: Route): Route {
  return caseId === undefined ? rest : { case: caseId, ...rest }
}
