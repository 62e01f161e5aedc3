/* eslint-disable no-console -- it is taken away here, and never called */

/**
 * Runs WebAssembly of a policy while nothing can be printed.
 *
 * A policy may call `opa_println`, for which the library has `console.log` and takes nothing else. So its
 * text would stand on stdout, raw, between our own: a forged result, or commands to a CI. As long as `run`
 * is synchronous, nobody else's line can be lost meanwhile.
 */
export function withoutPrinting<T>(run: () => T): T {
  const { log } = console
  console.log = nothing
  try {
    return run()
  } finally {
    console.log = log
  }
}

function nothing(): void {
  // A policy has no reader.
}
