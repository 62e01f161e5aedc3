import type { Outside } from './browser.ts'
import { button } from './dom.ts'

const themes = ['auto', 'light', 'dark'] as const
type Theme = (typeof themes)[number]

const name = 'agent-eval-theme'

/** A button that goes through the themes; `auto` is what the system says. */
export function themeButton({
  recall,
  remember,
}: Pick<Outside, 'recall' | 'remember'>): HTMLElement {
  const before = recall(name)
  let theme: Theme = themes.find((one) => one === before) ?? 'auto'
  const node = button('', {}, () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'auto'
    remember(name, theme)
    show()
  })
  show()
  return node

  function show(): void {
    if (theme === 'auto') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
    node.textContent = `Theme: ${theme}`
  }
}
