import type {
  AuthorizationAnswer,
  StatefulAuthorizationCall,
} from '@cedar-policy/cedar-wasm/nodejs'
import type { Cedar } from './cedar.ts'

/**
 * Puts a request to policies that Cedar keeps. Throws where Cedar itself breaks down.
 *
 * Made so that one bug of V8 cannot end the process ("Fatal error: unreachable code", seen in Node
 * 20 after ten thousand decisions): optimised code that calls into wasm, and gets an object back,
 * must not be found out of date during that call. Cedar parses its answers inside of it, which is
 * when code that depends on the form of answers is. A generator runs in code of its own, which does
 * nothing else and depends on nothing that changes.
 */
export function authorize(cedar: Cedar, call: StatefulAuthorizationCall): AuthorizationAnswer {
  return aside(cedar, call).next().value
}

function* aside(
  cedar: Cedar,
  call: StatefulAuthorizationCall,
): Generator<never, AuthorizationAnswer> {
  return cedar.statefulIsAuthorized(call)
}
