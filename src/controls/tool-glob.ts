/**
 * Whether a rule's tool pattern covers a tool: `*` stands for any run of characters, all else
 * for itself. Linear in both lengths.
 */
export function coversTool(glob: string, tool: string): boolean {
  const parts = glob.split('*')
  const first = parts[0] ?? ''
  if (parts.length === 1) return glob === tool
  if (!tool.startsWith(first)) return false
  const last = parts[parts.length - 1] ?? ''
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = tool.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return tool.length - last.length >= at && tool.endsWith(last)
}
