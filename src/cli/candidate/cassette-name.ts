import { sha256 } from '../../text/hash.ts'

/** Where the cassettes of an eval set are, beside its cases; they are no part of the yardstick. */
export const cassetteFolder = 'cassettes'

/** Plain names are file names on every system; these mean devices on some. */
const plain = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[a-z0-9][a-z0-9._-]{0,79}$/

/** A candidate's name is free text: where it is no plain name, a hash tells two of them apart. */
export function cassetteFileName(candidate: string): string {
  if (plain.test(candidate) && !candidate.endsWith('.')) return `${candidate}.jsonl`
  const words = candidate
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
  const hash = sha256(candidate).slice(0, 8)
  return `${words === '' ? 'candidate' : words}-${hash}.jsonl`
}
