/** One change of the world: what stood at a path before, and what stands there now. */
export interface ChangeLine {
  readonly path: string
  /** Absent: nothing was there. */
  readonly before?: string
  /** Absent: it was taken away. */
  readonly after?: string
}

/**
 * Reads the changes of a step, which are a JSON Patch with the values it replaced. `undefined` where
 * it is none, such as one that was cut off: then it is shown as it stands.
 */
export function readChanges(data: string): readonly ChangeLine[] | undefined {
  let patch: unknown
  try {
    patch = JSON.parse(data)
  } catch {
    return undefined
  }
  if (!Array.isArray(patch)) return undefined
  const lines = patch.map(changeLine)
  return lines.every((line) => line !== undefined) ? lines : undefined
}

function changeLine(change: unknown): ChangeLine | undefined {
  if (typeof change !== 'object' || change === null) return undefined
  const { from, op, path, value } = change as Readonly<Record<string, unknown>>
  if (typeof path !== 'string') return undefined
  return {
    path,
    ...(op !== 'add' && { before: shown(from) }),
    ...(op !== 'remove' && { after: shown(value) }),
  }
}

function shown(value: unknown): string {
  if (value === undefined) return 'not recorded'
  return typeof value === 'object' ? JSON.stringify(value, undefined, 2) : JSON.stringify(value)
}
