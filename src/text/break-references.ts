/**
 * Puts a zero-width space into whatever a code host would turn into a mention, a link, a picture or a
 * box to tick: `@name`, `#12`, `!12`, `GH-7`, `http://`, `www.`, `:shipit:`, and at the beginning
 * `/command` and `[x]`.
 *
 * Hosts look for these in the rendered text, where no Markdown escape protects them, and
 * in HTML too. An `@copilot` in a report has started agents that opened pull requests. The hash of a
 * commit stays whole, so that it can be copied: hosts link only those of the same repository.
 *
 * @see rube-de/cc-skills#173
 */
export function breakReferences(text: string): string {
  return text
    .replace(/@(?=[\w-])/g, '@\u200b')
    .replace(/[#!](?=\d)/g, '$&\u200b')
    .replace(/GH-(?=\d)/gi, '$&\u200b')
    .replace(/:(?=\/\/)/g, ':\u200b')
    .replace(/www(?=\.)/gi, '$&\u200b')
    .replace(/:(?=(?:[+-]1|100|1234|\w{0,3}[a-z][\w+-]{0,50}):)/gi, ':\u200b')
    .replace(/^\s*(?:\/(?=\w)|\[(?=[ x]\]))/i, '$&\u200b')
}
