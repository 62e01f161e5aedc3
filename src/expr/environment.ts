import { type CelEnv, celEnv } from '@bufbuild/cel'
import { strings } from '@bufbuild/cel/ext'
import { mixedNumberFunctions } from './number-functions.ts'
import { compilePattern } from './pattern.ts'
import { presenceFunctions } from './presence.ts'
import { timeFunctions } from './time-functions.ts'

/**
 * What expressions can call: standard CEL, the string extension (`lowerAscii`, `split`, `join`,
 * `replace`, `trim`, `format` and more), and our corrections of the library.
 */
export const environment: CelEnv = celEnv({
  funcs: [...strings, ...mixedNumberFunctions, ...presenceFunctions, ...timeFunctions],
  re2: {
    compile(text) {
      const compiled = compilePattern(text)
      if (compiled.ok) return compiled.pattern
      throw new Error(`pattern: ${compiled.error}`)
    },
  },
})
