import { asJson } from '../schema/json.ts'
import { prettyCanonicalJson } from '../text/canonical-json.ts'
import type { Reporter } from './reporter.ts'

/** The document itself, keys sorted. Its strings are as they are: whoever shows them makes them safe. */
export const json: Reporter = {
  id: 'json',
  describes: 'the result document, keys sorted',
  render: ({ document, result }) => prettyCanonicalJson(asJson(document ?? result)),
}
