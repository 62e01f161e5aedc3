import type { PageData } from '../schema/page-data.ts'
import type { Outside } from './browser.ts'
import { button, el } from './dom.ts'
import { type Section, section } from './section.ts'

/** How long a button says what it did. */
const saidMs = 2500

/** What to do next, as commands that can be copied. */
export function commandsSection(outside: Pick<Outside, 'copy' | 'later'>): Section {
  return section({
    id: 'commands',
    name: 'Next',
    heading: 'What to do next',
    pick: (data: PageData) => data.commands,
    draw: (commands) => commands.map((command) => drawCommand(command, outside)),
  })
}

function drawCommand(
  { command, purpose, remark }: PageData['commands'][number],
  outside: Pick<Outside, 'copy' | 'later'>,
): HTMLElement {
  const text = el('code', {}, command)
  const said = el('span', { class: 'said', role: 'status' })
  const copy = button('Copy', { 'aria-label': `Copy: ${command}` }, () => {
    void copyText(command, text)
  })
  return el(
    'div',
    { class: 'command' },
    el('h3', {}, purpose, el('small', {}, remark)),
    el('div', { class: 'line' }, el('pre', { tabindex: 0 }, text), copy, said),
  )

  async function copyText(wanted: string, shown: HTMLElement): Promise<void> {
    const isCopied = await outside.copy(wanted)
    if (!isCopied) getSelection()?.selectAllChildren(shown)
    said.textContent = isCopied ? 'copied' : 'selected: copy it with the keyboard'
    outside.later(saidMs, () => {
      said.textContent = ''
    })
  }
}
