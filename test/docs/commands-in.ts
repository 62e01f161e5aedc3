import { parse } from 'yaml'

/** Every command of ours in a workflow or a pipeline, those in comments as well, as words. */
export function commandsIn(text: string): readonly (readonly string[])[] {
  const comments = text.split('\n').flatMap((line) => /^ *#(.*)/.exec(line)?.[1] ?? [])
  return [...stringsIn(parse(text)), ...comments]
    .flatMap((string) => string.replace(/\\\n/g, ' ').split('\n'))
    .flatMap((line) => line.split(/ \| | \|\||\)/))
    .flatMap((line) => /(?:npx |node_modules\/[.]bin\/)agent-eval ([a-z].*)/.exec(line)?.[1] ?? [])
    .map((line) => line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [])
    .map((words) => words.map((word) => word.replaceAll(/["']/g, '')))
}

/** The options in a command, without their values. */
export function optionsOf(argv: readonly string[]): readonly string[] {
  return argv.flatMap((word) => /^--?[a-zA-Z-]+/.exec(word) ?? [])
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(stringsIn)
}
