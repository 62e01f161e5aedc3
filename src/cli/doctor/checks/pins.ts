import { splitReference } from '../../../providers/prices/price-list.ts'
import { type AskedModel, askedModels, modelWords } from '../asked-models.ts'
import type { Check, Finding } from '../check.ts'
import { usableSets } from '../context.ts'
import { isPinnedName } from '../pinned-name.ts'

/** Whether the names of models stay what they are while a baseline lasts. */
export const pinsCheck: Check = {
  id: 'models',
  run: (context) =>
    askedModels(usableSets(context))
      .filter(({ reference }) => splitReference(reference).provider !== 'module')
      .map(findingOf),
}

function findingOf(model: AskedModel): Finding {
  if (isPinnedName(splitReference(model.reference).model)) {
    return { status: 'ok', message: `${modelWords(model)} is a pinned name` }
  }
  return {
    status: 'warn',
    message: `${modelWords(model)} is a floating name: who serves it may put another model behind it`,
    fix: `write the dated name, such as ${example(model.reference)}; --probe tells what answers now`,
  }
}

function example(reference: string): string {
  const { model, provider } = splitReference(reference)
  const plain = model.replace(/-latest$/, '')
  const date = /claude/i.test(model) ? 'YYYYMMDD' : 'YYYY-MM-DD'
  return `${provider}:${plain}-${date}`
}
