import type { Language } from './language.ts'

/** What a customer may want from us. */
export type Wish =
  | 'refund'
  | 'cancel'
  | 'replace'
  | 'label'
  | 'address'
  | 'trace'
  | 'exception'
  | 'newsletter'
  | 'password'
  | 'account-email'
  | 'invoice'
  | 'refund-status'

/**
 * The words of each wish. What is not in here is not understood: it is asked for, or looked up in the
 * help centre. Order counts: the first that fits a sentence is its wish.
 */
export const wishes: readonly (readonly [Wish, RegExp])[] = [
  [
    'newsletter',
    /(stop|off|unsubscribe|delete me|no more).{0,60}(newsletter|mailing list)|newsletter.{0,60}(stop|unsubscribe)/i,
  ],
  [
    'password',
    /reset.{0,20}password|password.{0,30}reset|forgot (my|her|his|the) password|locked out|can't log in|reset link/i,
  ],
  ['account-email', /(new|change).{0,12}(e-?mail|mail)( address)?.{0,40}@/i],
  [
    'exception',
    /\bexception|special cases?|\bofficial\b|goodwill decision|(somebody|someone|anyone|whoever|specialist|person|human|one).{0,40}(decide|may make|allowed to)|ausnahme|excepci[oó]n/i,
  ],
  [
    'trace',
    /(have|get|ask) (them|somebody|someone|the carrier).{0,8} (look|search)|open a trace|search for it/i,
  ],
  [
    'label',
    /\b(send|need|have|get|want|mail|like|print|bräucht?e?|hätte|necesito|quiero)\b.{0,40}(label|sticker|etikett|aufkleber|etiqueta)|label(\?| please| first)/i,
  ],
  [
    'replace',
    /\breplace(ment)?\b|\bsend (me |us )?(a new|another|the right)|\bsen[dt] again\b|\bswap\b|\bexchange\b|ship the right|ersatz|umtausch|einen neuen|m[aá]nd(ad|en|e)me (una|otro|otra)/i,
  ],
  [
    'cancel',
    /\bcancel|call (it |them )?off|\bstop (it|them|that)\b|\bdrop (it|them)\b|forget about it|storn|\banul/i,
  ],
  [
    'address',
    /(should|must|could|please|can|have).{0,40}\b(go|come|sent?|send)\b.{0,60}(to|there|instead)|new address|delivery address.{0,20}change/i,
  ],
  [
    'refund-status',
    /where is (that|my|the) (money|refund)(?!.*again)|(see|status of) (the|my) refund|has that money been|(bank|account) got it|refund for .{0,20}(have|has) a number|geld .{0,40}schon raus|devuelto ya/i,
  ],
  [
    'refund',
    /refund|reimburse|\bmon(e)?y\b|\$\$|pa(y|id)( it| me| her| them)? back|\b(get|have|want|like|expect|need|take|give|send|sending|goes?|going|back|return|pay)\b.{0,40}\b(back|bck)\b|\breturn(ing)?\b|\bback it goes|\bowed?\b|what i paid|price of (it|the one)|too much|the difference|erstatt|geld|kohle|betrag|zurückgeben|reembols|devol(v|uci)|dinero|devuelv/i,
  ],
]

/** Sentences that ask about what could be done, and want nothing done by that. */
export const onlyAsks =
  /until (which|when|what)|last day\b|how (long|many days|many working)|(could|can|may) i still (send|return|call)|i can still send|what('s| is) the latest|\bif i (wash|pay)\b|do(n't|nt| not) do anything|before i buy|your rules say/i

/** Words that take a wish back: "send me a new one instead of the money", "no refund". */
export const notWanted =
  /\b(instead of|rather than|no|not|without|don't want|do not want|kein|keinen|keine|no quiero)\b(?! (yet|again|idea))( the| a| another| any| to send| second)? ?(money|refund|geld|cambio|umtausch|repair|label|replacement|another( one)?|second attempt|exchange|new one)\b/gi

/** What is wrong with the goods, as the payment system's codes. */
export type ReasonCode =
  | 'damaged'
  | 'defective'
  | 'not_received'
  | 'wrong_item'
  | 'changed_mind'
  | 'billing_error'

const wrongItem =
  /(instead of|anstatt|statt) .{0,40}|wrong (thing|item|parcel|one)|something else|should have been|with an? .{1,40} in it|(ordered|paid for|pedí|bestellt) .{0,60}\b(got|unpacked|found|there was|gekriegt|bekommen|ha venido)|(sent|gave) (me )?an? .{1,30} instead|came instead|sent (me )?the wrong/i
const onArrival =
  /\b(arriv|came\b(?! (loose|off))|on arrival|unpack|opened|out of the (box|carton|bag)|from the (parcel|bag|box)|in the (box|wrapping|bag)|delivered|handed me|courier (handed|dropped)|brand-new|geliefert|kam|an(ge)?kommen|lieferung|llegó|llegaron|vino|venía)/i
const failed =
  /\bstop(ped|s)\b|won't (switch|turn|start)|doesn't (heat|work)|no longer works|\bdied\b|\bdead\b|broke down|\bjammed\b|leaks?\b|\bafter (\w+ )?(\w+ )?(days?|weeks?|months?)\b|\b(first|second|third|two|four) (days|weeks|months?)\b|last (night|week|month)|heizt .{0,20}nicht|worked (once|twice)|seit (gestern|tagen|wochen)|\bran (fine )?for/i
const broken =
  /crack|broken|brokn|\bbroke\b|smash|shatter|dent|chip|split|torn|ripped|bent|warped|squash|stain|rust|hole|loose|crumbl|fell apart|flak|pieces|splinter|damag|kaputt|zerbroch|riss|delle|kratzer|verbogen|besch[äa]digt|rot[oa]s?\b|rajad|partid|aplast|saltad|estropead|snapped|soak|tear\b|(coming|came|broke) off|without (its|a)/i
const never =
  /never (arrived|came|received)|not arrived|isn't here|hasn't (come|arrived)|\blost\b|verloren|perdid|still no\b|missing/i

/** The reason in the customer's words; what is undamaged and unwanted is a change of mind. */
export function reasonFor(text: string): ReasonCode {
  const said = text.replaceAll(/["“][^"”]{1,40}["”]/g, ' ')
  if (wrongItem.test(said)) return 'wrong_item'
  const hurt = broken.test(said)
  if (hurt && onArrival.test(said)) return 'damaged'
  if (failed.test(said)) return 'defective'
  if (hurt) return 'damaged'
  return never.test(said) ? 'not_received' : 'changed_mind'
}

export function cancelReason(
  text: string,
): 'changed_mind' | 'ordered_twice' | 'too_slow' | 'other' {
  if (/twice|both ordered|too many|gave me the same|doppelt|once too often|dos veces/i.test(text))
    return 'ordered_twice'
  if (/working days|too long|takes? .{0,8}ages|tard[aá]is|too slow|zu lange/i.test(text))
    return 'too_slow'
  return 'changed_mind'
}

/** Whom a case goes to that no script may decide. */
export function escalationQueue(text: string): 'legal' | 'safety' | 'fraud' | undefined {
  if (/\b(lawyer|attorney|sue you|legal action|see you in court|anwalt|abogado)\b/i.test(text))
    return 'legal'
  if (
    /\b(electric shock|caught fire|went up in flames|got burnt|injured|explod|verletzt|stromschlag)/i.test(
      text,
    )
  )
    return 'safety'
  if (/\b(stolen card|identity theft|i never ordered|somebody ordered in my name)\b/i.test(text))
    return 'fraud'
  return undefined
}

/** German and Spanish words for what we sell and what our help centre is about. */
const glossary: Readonly<Record<Exclude<Language, 'en'>, Readonly<Record<string, string>>>> = {
  de: {
    glas: 'glass',
    pfanne: 'pan skillet',
    gusspfanne: 'skillet',
    vase: 'vase',
    wok: 'wok',
    wasserkocher: 'kettle',
    brotdose: 'lunch box',
    thermoskanne: 'flask',
    gläser: 'jar glass',
    vorratsgläser: 'jar',
    vorratsglas: 'jar',
    untersetzer: 'trivet',
    uhr: 'clock',
    wanduhr: 'clock',
    kissen: 'pillow cushion',
    korb: 'basket',
    wäschekorb: 'basket',
    bilderrahmen: 'frame',
    rahmen: 'frame',
    schürze: 'apron',
    leinenschürze: 'apron',
    schneebesen: 'whisk',
    holzlöffel: 'wooden spoon wood',
    öle: 'wood oil',
    etikett: 'label',
    rückgabe: 'return',
    versand: 'shipping',
    erstattung: 'refund',
    teekanne: 'teapot',
    becher: 'mug',
    rost: 'rust',
  },
  es: {
    tetera: 'teapot',
    balda: 'shelf',
    cesto: 'basket',
    cuchillo: 'knife',
    escurridor: 'colander',
    molinillo: 'mill',
    colador: 'sieve',
    toallas: 'towel',
    fundas: 'cushion cover',
    jarrón: 'vase',
    sartén: 'skillet cast iron',
    oxidado: 'rust',
    óxido: 'rust',
    hierro: 'cast iron',
    etiqueta: 'label',
    devolución: 'return',
    envío: 'shipping',
  },
}

/** A text in which the English stands behind its German and Spanish nouns. */
export function inEnglish(text: string, language: Language): string {
  if (language === 'en') return text
  const known = glossary[language]
  return text.replaceAll(/\p{L}+/gu, (word) => {
    const lower = word.toLowerCase()
    return Object.hasOwn(known, lower) ? `${word} ${known[lower]}` : word
  })
}
