import type { Desk } from './desk.ts'
import { contentWords, excerpt } from './help-centre.ts'
import { dollars } from './language.ts'
import type { Candidates, Product } from './records.ts'

/** A SKU, as customers copy it from the shop's page: in capitals. */
export function productNamed(text: string): string | undefined {
  const found = [...text.matchAll(/\b([A-Z]{2,}(?:-[A-Z]+)*)\b/g)]
    .map(([, word]) => word ?? '')
    .filter(
      (word) =>
        word.length > 2 && !/^(SKU|USD|ISO|JSON|PDF|PLZ|NOT|NOW|AND|YOU|THE|REALLY)$/.test(word),
    )
  return found.at(-1)
}

/** Price, stock or what buyers say; `undefined` for what the catalogue does not know. */
export async function answerProduct(
  sku: string,
  text: string,
  desk: Desk,
): Promise<string | undefined> {
  const found = await desk.look<Product | Candidates>('catalog.get_product', { sku })
  if (!found.ok)
    return found.code === 'product_not_found'
      ? undefined
      : 'Our catalogue is not answering; please try again later.'
  if (!('price_usd' in found.value)) return whichOne(found.value)
  const { in_stock, name, price_usd, reviews } = found.value
  const told: string[] = []
  if (/price|cost|how much|pay/i.test(text))
    told.push(`The ${name.toLowerCase()} costs ${dollars(price_usd)}.`)
  if (/in stock|\bleft\b|available|do you have/i.test(text))
    told.push(in_stock > 0 ? `${in_stock} are in stock.` : 'It is out of stock.')
  if (told.length > 0) return told.join(' ')
  const said = excerpt(
    reviews.map((review) => review.text.split('\n')[0]).join('\n'),
    contentWords(text),
  )
  return said === ''
    ? `Nobody has reviewed the ${name.toLowerCase()} yet.`
    : `A buyer of the ${name.toLowerCase()} writes: ${said}`
}

function whichOne({ candidates }: Candidates): string {
  const names = candidates.map(({ name, sku }) => name ?? sku).join(' or the ')
  return `Which one do you mean, the ${names}?`
}
