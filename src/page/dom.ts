export type Child = Node | string | undefined
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

/**
 * Makes an element. Strings become text nodes, so that nothing in them is ever read as HTML.
 *
 * @param attributes - `true` sets an empty attribute; `false` and `undefined` set none
 */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes,
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag)
  setAttributes(node, attributes)
  node.append(...known(children))
  return node
}

/** The same for a picture. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes,
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag)
  setAttributes(node, attributes)
  node.append(...known(children))
  return node
}

/** A button, which does nothing but what is said here. */
export function button(text: string, attributes: Attributes, press: () => void): HTMLButtonElement {
  const node = el('button', { type: 'button', ...attributes }, text)
  node.addEventListener('click', press)
  return node
}

/** All of a kind below a node. */
export function all(below: ParentNode, selector: string): readonly HTMLElement[] {
  return [...below.querySelectorAll<HTMLElement>(selector)]
}

function setAttributes(node: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue
    node.setAttribute(name, value === true ? '' : String(value))
  }
}

function known(children: readonly Child[]): readonly (Node | string)[] {
  return children.filter((child) => child !== undefined)
}
