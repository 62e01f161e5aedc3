import { type DefaultTreeAdapterTypes, parse } from 'parse5'

type Node = DefaultTreeAdapterTypes.Node
type Element = DefaultTreeAdapterTypes.Element

/** A document as a browser reads it. */
export interface ParsedHtml {
  readonly elements: readonly Element[]
  /** Code and text points that the standard calls errors. */
  readonly errors: readonly string[]
}

export function parsedHtml(text: string): ParsedHtml {
  const errors: string[] = []
  const document = parse(text, {
    onParseError: ({ code }) => {
      errors.push(code)
    },
  })
  return { elements: elementsBelow(document), errors }
}

function elementsBelow(node: Node): readonly Element[] {
  const own = 'tagName' in node ? [node] : []
  const children = 'childNodes' in node ? node.childNodes : []
  return [...own, ...children.flatMap(elementsBelow)]
}

/** The text right inside of an element. */
export function textIn({ childNodes }: Element): string {
  return childNodes.map((child) => ('value' in child ? child.value : '')).join('')
}

export function attribute({ attrs }: Element, name: string): string | undefined {
  return attrs.find((attr) => attr.name === name)?.value
}

/** What the data script of a page holds. */
export function dataOf({ elements }: ParsedHtml): unknown {
  const script = elements.find((element) => attribute(element, 'id') === 'page-data')
  return script === undefined ? undefined : JSON.parse(textIn(script))
}
