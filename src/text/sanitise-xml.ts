import { sanitiseHtml } from './sanitise-html.ts'

/**
 * Foreign text as XML text, without the characters that XML 1.0 does not allow at all.
 *
 * No parser reads a document with one of them, not even as a character reference.
 *
 * @see https://www.w3.org/TR/xml/#charsets
 */
export function sanitiseXml(text: string): string {
  return sanitiseHtml(text).replace(/[\ufffe\uffff]/g, '')
}

/** The same as the value of a quoted attribute, where a bare newline would be read as a space. */
export function sanitiseXmlAttribute(text: string): string {
  return sanitiseXml(text).replace(/\n/g, '&#10;').replace(/\t/g, '&#9;')
}
