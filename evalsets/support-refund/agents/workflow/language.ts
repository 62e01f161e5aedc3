export type Language = 'en' | 'de' | 'es'

const signs: Readonly<Record<Exclude<Language, 'en'>, RegExp>> = {
  de: /\b(ich|und|bitte|der|das|ist|nicht|mein|meine|meiner|kam|wie|für|hab|habe|möchte|guten|hallo|servus|moin|kundennummer|plz|bestellung|euch|sie|wo|wann|welche|womit|zurück|aus|mir|geld|ihr|dann|jemanden|kaputt|gern|kohle|hätte|im|da)\b/gi,
  es: /\b(el|los|las|que|por|favor|mi|soy|pedido|código|hola|buenas|buenos|quiero|dinero|una|lo|está|cuánto|dónde|gracias|perdón|aquí|oye|muy|llegó|vino)\b|[¿¡ñ]/gi,
}

/** The language of a text: the one with the most of its small words, English where nobody wins. */
export function languageOf(text: string): Language | undefined {
  const words = text.split(/\s+/).length
  const german = text.match(signs.de)?.length ?? 0
  const spanish = text.match(signs.es)?.length ?? 0
  const most = Math.max(german, spanish)
  if (most >= 2 && most / words >= 0.12) return german >= spanish ? 'de' : 'es'
  return words >= 4 ? 'en' : undefined
}

/** What the customer writes in now; an answer of a word or two leaves it as it was. */
export function languageOfTalk(texts: readonly string[]): Language {
  return texts.map(languageOf).findLast((one) => one !== undefined) ?? 'en'
}

const months: Readonly<Record<Language, readonly string[]>> = {
  en: 'January February March April May June July August September October November December'.split(
    ' ',
  ),
  de: 'Januar Februar März April Mai Juni Juli August September Oktober November Dezember'.split(
    ' ',
  ),
  es: 'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'.split(
    ' ',
  ),
}

/** `2026-09-04T10:00:00Z` as people say it: 4 September 2026, 4. September 2026, 4 de septiembre. */
export function spokenDay(iso: string, language: Language): string {
  const [year, month, day] = iso.slice(0, 10).split('-').map(Number)
  const name = months[language][(month ?? 1) - 1] ?? ''
  if (language === 'de') return `${day}. ${name} ${year}`
  if (language === 'es') return `${day} de ${name} de ${year}`
  return `${day} ${name} ${year}`
}

export function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`
}
