import { sha256 } from '../text/hash.ts'

const maxLength = 120
const maxPart = 40

/**
 * A case id from foreign names, joined by dots. A name that is no plain part of an id (capitals,
 * dots, anything hostile) becomes what is plain of it and a hash, so that two names stay two.
 */
export function caseId(names: readonly string[]): string {
  const id = names.map(part).join('.')
  return id.length <= maxLength ? id : `${id.slice(0, maxLength - 9)}-${sha256(id).slice(0, 8)}`
}

function part(name: string): string {
  if (name.length <= maxPart && /^[a-z0-9][a-z0-9_-]*$/.test(name)) return name
  const plain = name
    .slice(0, maxPart - 10)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/-$/, '')
  const start = /^[a-z0-9]/.test(plain) ? plain : `x${plain}`
  return `${start}-${sha256(name).slice(0, 8)}`
}
