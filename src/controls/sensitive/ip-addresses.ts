import { type Finding, findMatches } from './finding.ts'

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const fourOctets = new RegExp(
  `(?<![\\p{L}\\p{N}_]|\\d\\.)${octet}(?:\\.${octet}){3}(?![\\p{L}\\p{N}_]|\\.\\d|-\\p{L})`,
  'gu',
)

/** What a version or a section stands behind; four small numbers alone do not tell. */
const versionAhead =
  /(?:\b(?:version|ver|v|release|firmware|build|driver|update|section|chapter|clause|paragraph)[ .:]{0,3}|§ ?|[<>=~!]= ?|[~^] ?|\p{L}\/)$/iu
const longestAhead = 16

/** Names nobody: this network, private, loopback, link-local, multicast, and reserved (RFC 6890). */
const notPersonal =
  /^(?:0|10|127|22[4-9]|2[34]\d|25[0-5])\.|^169\.254\.|^172\.(?:1[6-9]|2\d|3[01])\.|^192\.168\.|^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./

/**
 * Internet addresses of version 4 that can stand for a person: public ones. Not versions
 * (`version 1.2.3.4`, `Chrome/120.0.0.0`), nor parts of longer dotted numbers.
 *
 * Not seen: IPv6, octal or hexadecimal forms, leading zeros.
 */
export function findIpAddresses(text: string): readonly Finding[] {
  return findMatches('ipv4', fourOctets, text).filter(({ start, end }) => {
    const ahead = text.slice(Math.max(0, start - longestAhead), start)
    return !notPersonal.test(text.slice(start, end)) && !versionAhead.test(ahead)
  })
}
