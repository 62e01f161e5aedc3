import type { JsonObject } from '../../schema/json.ts'
import { prettyCanonicalJson } from '../../text/canonical-json.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'

/** What code scanning shows at a place, and how it knows it again. */
export interface SarifResult {
  readonly ruleId: string
  readonly level: 'error' | 'warning' | 'note'
  /** Already safe for a viewer. */
  readonly message: string
  readonly place: SarifPlace
  /** By the name of the fingerprint; the same for the same finding wherever its lines move to. */
  readonly fingerprints: Readonly<Record<string, string>>
  /** Why somebody has decided not to act on it. */
  readonly excuse?: string | undefined
}

interface SarifPlace {
  readonly file: string
  readonly line?: number | undefined
  readonly column?: number | undefined
}

export interface SarifRule {
  readonly id: string
  readonly shortDescription: { readonly text: string }
  readonly fullDescription: { readonly text: string }
  readonly help: { readonly text: string }
}

interface SarifRun {
  readonly tool: { readonly name: string; readonly version: string }
  /** Ends in a slash: hosts keep the newest log of each. */
  readonly category: string
  readonly ruleOf: (id: string) => SarifRule
  readonly results: readonly SarifResult[]
  readonly properties?: JsonObject
}

/**
 * One log of SARIF 2.1.0, keys sorted. Of the rules those stand in it that have a result.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifLog({ category, properties, results, ruleOf, tool }: SarifRun): string {
  const ruleIds = [...new Set(results.map(({ ruleId }) => ruleId))].sort()
  const ruleIndex = new Map(ruleIds.map((id, index) => [id, index]))
  return prettyCanonicalJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        automationDetails: { id: category },
        // Columns as the YAML reader counts them.
        columnKind: 'utf16CodeUnits',
        tool: {
          driver: {
            name: tool.name,
            semanticVersion: tool.version,
            rules: ruleIds.map((id) => ({ ...ruleOf(id) })),
          },
        },
        results: results.map((one) => resultOf(one, ruleIndex.get(one.ruleId) ?? -1)),
        ...(properties !== undefined && { properties }),
      },
    ],
  })
}

function resultOf(
  { excuse, fingerprints, level, message, place, ruleId }: SarifResult,
  ruleIndex: number,
): JsonObject {
  return {
    ruleId,
    ruleIndex,
    level,
    message: { text: message },
    locations: [locationOf(place)],
    partialFingerprints: { ...fingerprints },
    ...(excuse !== undefined && {
      suppressions: [{ kind: 'external', justification: excuse }],
    }),
  }
}

function locationOf({ column, file, line }: SarifPlace): JsonObject {
  const region = {
    ...(line !== undefined && { startLine: Math.max(1, line) }),
    ...(line !== undefined && column !== undefined && { startColumn: Math.max(1, column) }),
  }
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file) },
      // Code scanning shows no result without a line.
      region: line === undefined ? { startLine: 1 } : region,
    },
  }
}

/** Relative to the root of the repository. */
function uriOf(file: string): string {
  return terminalLine(file).replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/')
}
