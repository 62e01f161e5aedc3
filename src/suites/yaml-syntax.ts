import {
  Composer,
  type CST,
  type Document,
  Lexer,
  type ParsedNode,
  Parser,
  type YAMLError,
} from 'yaml'
import { limits } from './limits.ts'

/** Something wrong at a place of the text, in UTF-16 code units from its start. */
export interface Fault {
  readonly offset: number
  readonly message: string
  readonly hint?: string
}

export type YamlSyntax =
  | { readonly ok: true; readonly root: ParsedNode | null }
  | { readonly ok: false; readonly faults: readonly Fault[] }

/**
 * Reads the syntax of one YAML document: nodes with their ranges, or all syntax errors.
 *
 * Duplicate keys are left to `readYamlValue`: the library compares each key with all others,
 * which takes minutes for a mapping of 300,000.
 */
export function readYamlSyntax(text: string): YamlSyntax {
  const tokens = tokensOf(text)
  if (!Array.isArray(tokens)) return { ok: false, faults: [tokens] }

  const composer = new Composer({ uniqueKeys: false, keepSourceTokens: false })
  const documents: Document.Parsed[] = []
  for (const document of composer.compose(tokens, true, text.length)) {
    documents.push(document)
    if (documents.length > 1) break
  }
  const faults = documents.flatMap(faultsOf)
  const second = documents[1]
  if (second !== undefined) {
    const hint = 'keep one document in a file, or write a list'
    faults.push({ offset: second.range[0], message: 'a second document starts here', hint })
  }
  if (faults.length > 0) return { ok: false, faults: faults.slice(0, limits.faults) }
  return { ok: true, root: documents[0]?.contents ?? null }
}

/** Driven by hand, so that a file that nests or runs on too far stops here and not later. */
function tokensOf(text: string): CST.Token[] | Fault {
  const parser = new Parser()
  const tokens: CST.Token[] = []
  let count = 0
  for (const lexeme of new Lexer().lex(text)) {
    count += 1
    if (count > limits.tokens) return tooLong(parser.offset)
    for (const token of parser.next(lexeme)) tokens.push(token)
    // The document and a half-read scalar stand on the stack as well.
    if (parser.stack.length > limits.depth + 2) return tooDeep(parser.offset)
  }
  for (const token of parser.end()) tokens.push(token)
  return tokens
}

function tooLong(offset: number): Fault {
  const message = `too long for YAML: more than ${limits.tokens} words and signs`
  return { offset, message, hint: 'split the file, or write it as JSON' }
}

export function tooDeep(offset: number): Fault {
  return { offset, message: `nested more than ${limits.depth} levels deep` }
}

/** What usually was meant, by the library's error code. */
const hints: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'put a text that contains ": " in quotes',
  TAB_AS_INDENT: 'indent with spaces',
  BAD_SCALAR_START: 'put the text in quotes',
}

function faultsOf(document: Document.Parsed): Fault[] {
  // Unknown tags are only warnings to the library; `readYamlValue` refuses all tags.
  const warnings = document.warnings.filter(({ code }) => code !== 'TAG_RESOLVE_FAILED')
  const faults = [...document.errors, ...warnings].map(faultOf)
  const { version } = document.directives.yaml
  if (version !== '1.2') {
    const message = `YAML ${version} reads words such as "no" as values`
    faults.push({ offset: 0, message, hint: 'remove the %YAML line' })
  }
  return faults
}

function faultOf(error: YAMLError): Fault {
  const hint = hints[error.code]
  return {
    offset: error.pos[0],
    message: `syntax error: ${error.message}`,
    ...(hint !== undefined && { hint }),
  }
}
