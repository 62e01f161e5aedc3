import type { Chapter, Outcome, Situation } from './situation.ts'

/** How the document calls what is no verdict. */
const words: Readonly<Record<Outcome, string>> = {
  pass: 'pass',
  regression: 'regression',
  inconclusive: 'inconclusive',
  error: 'error',
  refused: 'nothing runs',
  unjudged: 'no verdict',
  interrupted: 'interrupted',
}

/** The tables of the document, one a chapter. */
export function renderTables(chapters: readonly Chapter[]): string {
  return chapters.map(renderChapter).join('\n\n')
}

function renderChapter({ situations, title }: Chapter): string {
  const head = '| situation | seen in | outcome | exit | it says |\n|---|---|---|--:|---|'
  return `### ${title}\n\n${head}\n${situations.map(renderRow).join('\n')}`
}

function renderRow({ expected, id, situation, sources }: Situation): string {
  const { exitCode, outcome, says } = expected
  const cells = [
    `<a id="${id}"></a>${cell(situation)}`,
    sources.map(link).join(', '),
    words[outcome],
    String(exitCode),
    code(says),
  ]
  return `| ${cells.join(' | ')} |`
}

/** Issues and pull requests have one address. */
function link(source: string): string {
  const [repository = '', number = ''] = source.split('#')
  return `[${source}](https://github.com/${repository}/issues/${number})`
}

function code(text: string): string {
  return `\`${cell(text)}\``
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
