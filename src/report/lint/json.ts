import { asJson } from '../../schema/json.ts'
import { prettyCanonicalJson } from '../../text/canonical-json.ts'
import type { LintReporter } from './reporter.ts'

/**
 * The document itself, keys sorted; of several eval sets the list of their documents. Its strings
 * are as they are: whoever shows them makes them safe.
 */
export const lintJson: LintReporter = {
  id: 'json',
  describes: 'the lint document, keys sorted',

  render({ sets }) {
    const documents = sets.map(({ result }) => asJson(result))
    const [only, ...more] = documents
    return prettyCanonicalJson(only === undefined || more.length > 0 ? documents : only)
  },
}
