import { knownNames } from '../completion/known-names.ts'
import { readTyped } from '../completion/typed-words.ts'
import { type DynamicKind, dynamicKinds } from '../completion/value-kinds.ts'
import type { Io } from '../io.ts'

/** More than a person would look through. */
const mostNames = 5_000

/**
 * Prints the names that may stand at the cursor, one a line. Whatever is wrong, it prints nothing and is
 * content: a shell calls it while somebody types.
 *
 * A name that could be taken for two, or that no terminal should see, is left out.
 */
export async function completeAction(
  kind: string | undefined,
  words: readonly string[],
  io: Io,
): Promise<void> {
  if (!isDynamic(kind)) return
  try {
    const names = await knownNames(kind, readTyped(words), io)
    const clean = names.filter((name) => name !== '' && !/[\p{C}\p{Zl}\p{Zp}]/u.test(name))
    io.stdout.write(
      clean
        .slice(0, mostNames)
        .map((name) => `${name}\n`)
        .join(''),
    )
  } catch {
    // A broken project is told by every other command.
  }
}

function isDynamic(kind: string | undefined): kind is DynamicKind {
  return dynamicKinds.some((one) => one === kind)
}
