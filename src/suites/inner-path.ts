/**
 * A path inside the eval set's folder in its plain form, or `undefined` where it leads out of it
 * or could: absolute, with `..`, with a drive or scheme, with backslashes or control characters.
 * Links are the `Folder`'s to refuse.
 */
export function innerPath(path: string): string | undefined {
  if (/^\/|[\\:\u0000-\u001f]/.test(path)) return undefined
  const steps = path.split('/').filter((step) => step !== '' && step !== '.')
  return steps.length === 0 || steps.includes('..') ? undefined : steps.join('/')
}
