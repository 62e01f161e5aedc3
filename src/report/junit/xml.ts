import { sanitiseXml, sanitiseXmlAttribute } from '../../text/sanitise-xml.ts'

export type XmlAttributes = Readonly<Record<string, string | number | undefined>>

/**
 * One element, each child on lines of its own, without a newline at its end. Names are ours; values may
 * be foreign. Attributes without a value are left out.
 */
export function element(
  name: string,
  attributes: XmlAttributes,
  children: readonly string[] = [],
): string {
  const open = `<${name}${attributesText(attributes)}`
  if (children.length === 0) return `${open}/>`
  const inner = children.map((child) => child.replace(/^(?= *<)/gm, '  ')).join('\n')
  return `${open}>\n${inner}\n</${name}>`
}

/** The same around foreign text, which may have several lines. */
export function textElement(name: string, attributes: XmlAttributes, text: string): string {
  const open = `<${name}${attributesText(attributes)}`
  return text === '' ? `${open}/>` : `${open}>${inLog(sanitiseXml(text))}</${name}>`
}

function attributesText(attributes: XmlAttributes): string {
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${inLog(sanitiseXmlAttribute(String(value)))}"`)
    .join('')
}

/** The same text to every parser, and nothing that a CI runner would obey where it stands in a log. */
function inLog(escaped: string): string {
  return escaped.replaceAll('##', '#&#35;').replaceAll('::', ':&#58;')
}
