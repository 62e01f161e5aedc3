/**
 * Puts a zero-width space into whatever a code host would turn into a mention or a link:
 * `@name`, `#12`, `!12`, `GH-7`, `http://`, `www.`, and a leading `/command`.
 *
 * Hosts look for these in the rendered text, where no Markdown escape protects them, and
 * in HTML too. An `@copilot` in a report has started agents that opened pull requests.
 *
 * @see rube-de/cc-skills#173
 */
export function breakReferences(text: string): string {
  return text
    .replace(/@(?=\w)/g, '@\u200b')
    .replace(/[#!](?=\d)/g, '$&\u200b')
    .replace(/GH-(?=\d)/gi, '$&\u200b')
    .replace(/:(?=\/\/)/g, ':\u200b')
    .replace(/www(?=\.)/gi, '$&\u200b')
    .replace(/^\s*\/(?=\w)/, '$&\u200b')
}
