import { renderPageHtml } from './page/document.ts'
import { pageDataOf } from './page/page-data.ts'
import type { Reporter } from './reporter.ts'

/** The page of `agent-eval view` as one file. What it holds of trials comes with the input. */
export const html: Reporter = {
  id: 'html',
  describes: 'the page of agent-eval view, as one file',
  render: (input) => renderPageHtml(pageDataOf(input), input.page?.assets),
}
