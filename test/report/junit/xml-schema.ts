import { readFileSync } from 'node:fs'
import { validateXML } from 'xmllint-wasm'

const schema = readFileSync(new URL('../schemas/jenkins-junit-4.xsd', import.meta.url), 'utf8')

/**
 * What xmllint says against JUnit documents; nothing where all are valid.
 *
 * The schema is that of Jenkins. Beyond it goes what testmoapp/junitxml lists as common: the file and
 * line of a test, properties of a test, a message of a skipped test, and how many tests of all were
 * skipped. These are taken out first, and the document has to be well-formed with them.
 */
export async function problemsOf(...documents: readonly string[]): Promise<readonly string[]> {
  const whole = await problemsIn(documents, anything)
  return whole.length > 0 ? whole : problemsIn(documents.map(withoutExtensions), schema)
}

async function problemsIn(documents: readonly string[], xsd: string): Promise<readonly string[]> {
  const xml = documents.map((contents, index) => ({ fileName: `${index}.xml`, contents }))
  const { errors } = await validateXML({ xml, schema: [xsd] })
  return errors.map(({ message }) => message)
}

/** Only whether the document is XML at all. */
const anything = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="testsuites" type="xs:anyType"/>
</xs:schema>`

function withoutExtensions(document: string): string {
  return document
    .replace(/(<testsuites\b[^>]*) skipped="\d+"/, '$1')
    .replace(/(<testcase\b[^>]*?) file="[^"]*"( line="\d+")?/g, '$1')
    .replace(/(<testcase\b[^>]*[^/]>)\s*<properties>[\s\S]*?<\/properties>/g, '$1')
    .replace(/<skipped [^>]*\/>/g, '<skipped/>')
}
