/**
 * The first line of a pull request comment, by which the comment of an eval set is found again.
 *
 * @param evalSet - its id; what an HTML comment could trip over becomes a dash
 */
export function commentMarker(evalSet: string): string {
  return `<!-- agent-eval:comment v1 evalset=${evalSet.replace(/[^A-Za-z0-9._]+/g, '-')} -->`
}
