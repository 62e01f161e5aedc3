import { dollars, type Language, spokenDay } from './language.ts'
import type { Refund } from './records.ts'

type InEach = Readonly<Record<Language, string>>

const phrases = {
  askWho: {
    en: 'To do that I have to verify you first: what are your customer number and your postcode?',
    de: 'Dafür muss ich Sie zuerst verifizieren: Wie lauten Ihre Kundennummer und Ihre Postleitzahl?',
    es: 'Antes tengo que verificarle: ¿cuál es su número de cliente y su código postal?',
  },
  askPostcode: {
    en: 'Before I can do that I have to verify you: what is your postcode?',
    de: 'Dafür muss ich Sie zuerst verifizieren: Wie lautet Ihre Postleitzahl?',
    es: 'Antes tengo que verificarle: ¿cuál es su código postal?',
  },
  askOrder: {
    en: 'Which order is it about? Please tell me the order number.',
    de: 'Um welche Bestellung geht es? Bitte nennen Sie mir die Bestellnummer.',
    es: '¿De qué pedido se trata? Dígame por favor el número de pedido.',
  },
  askItem: {
    en: 'Which item of the order do you mean exactly?',
    de: 'Um welchen Artikel der Bestellung geht es genau?',
    es: '¿De qué artículo del pedido se trata exactamente?',
  },
  askWhat: {
    en: 'What can I do for you? Please tell me your customer number and postcode, which order it is about, and what happened.',
    de: 'Was kann ich für Sie tun? Bitte nennen Sie mir Kundennummer, Postleitzahl, Bestellnummer und worum es geht.',
    es: '¿Qué puedo hacer por usted? Dígame por favor su número de cliente, el código postal, el número de pedido y de qué se trata.',
  },
  wrongPostcode: {
    en: 'The postcode does not match our records, so I could not verify you and nothing was changed. Could you check the postcode?',
    de: 'Die Postleitzahl passt nicht zu unseren Daten, deshalb konnte ich Sie nicht verifizieren und habe nichts geändert. Können Sie die Postleitzahl prüfen?',
    es: 'El código postal no coincide con nuestros datos, así que no pude verificarle y no he cambiado nada. ¿Puede comprobar el código postal?',
  },
  verificationDown: {
    en: "I could not verify you because our verification system is not answering, so nothing was changed. I'm sorry; please try again later.",
    de: 'Unsere Verifizierung antwortet gerade nicht, deshalb wurde nichts geändert. Bitte versuchen Sie es später noch einmal.',
    es: 'Nuestro sistema de verificación no responde, así que no se ha cambiado nada. Inténtelo más tarde, por favor.',
  },
  notYours: {
    en: 'That order belongs to another customer account. Only the account that placed it can have it changed or refunded, so I cannot do this.',
    de: 'Diese Bestellung gehört zu einem anderen Kundenkonto. Nur dessen Inhaber kann sie ändern oder erstatten lassen.',
    es: 'Ese pedido pertenece a otra cuenta. Solo su titular puede pedir cambios o reembolsos.',
  },
} satisfies Record<string, InEach>

export function say(key: keyof typeof phrases, language: Language): string {
  return phrases[key][language]
}

/** What could not be done, in each language, for `tellDown`. */
const steps = {
  refund: { en: 'the refund', de: 'die Erstattung', es: 'el reembolso' },
  cancel: { en: 'the cancellation', de: 'die Stornierung', es: 'la anulación' },
  label: { en: 'the return label', de: 'das Retourenetikett', es: 'la etiqueta' },
  replacement: { en: 'the replacement', de: 'der Ersatz', es: 'el reemplazo' },
  change: { en: 'the change', de: 'die Änderung', es: 'el cambio' },
  answer: { en: 'the look-up', de: 'die Abfrage', es: 'la consulta' },
} satisfies Record<string, InEach>

/** A step that our own systems failed at. */
export function tellDown(step: keyof typeof steps, language: Language): string {
  const what = steps[step][language]
  if (language === 'de')
    return `Unser System antwortet gerade nicht, deshalb ist ${what} nicht erfolgt. Bitte versuchen Sie es später noch einmal.`
  if (language === 'es')
    return `Nuestro sistema no responde en este momento, así que ${what} no se ha hecho. Inténtelo más tarde, por favor.`
  return `I'm sorry, ${what} could not be completed: our system is not available at the moment, and nothing was done. Please try again later.`
}

const bankStates: Readonly<Record<'settled' | 'sent', InEach>> = {
  settled: {
    en: 'your bank has settled it',
    de: 'Ihre Bank hat sie verbucht',
    es: 'su banco ya lo ha abonado',
  },
  sent: {
    en: 'it was sent to your bank, which has not settled it yet; that takes three to five days',
    de: 'sie wurde an Ihre Bank gesendet und ist dort noch nicht verbucht; das dauert drei bis fünf Tage',
    es: 'se envió a su banco, que todavía no lo ha abonado; tarda de tres a cinco días',
  },
}

/** Amount, day, number and state of a refund. */
export function tellRefund(refund: Refund, orderId: string, language: Language): string {
  const state = bankStates[refund.status === 'settled' ? 'settled' : 'sent'][language]
  const day = spokenDay(refund.at, language)
  const amount = dollars(refund.amount_usd)
  if (language === 'de') {
    return `Für ${orderId} wurde am ${day} bereits eine Erstattung von ${amount} veranlasst (${refund.refund_id}); ${state}.`
  }
  if (language === 'es') {
    return `El reembolso de ${amount} del pedido ${orderId} ya salió el ${day} (${refund.refund_id}); ${state}.`
  }
  return `A refund of ${amount} for ${orderId} already went out on ${day} (${refund.refund_id}); ${state}.`
}

export function tellAllRefunded(orderId: string, language: Language): string {
  if (language === 'de') return `${orderId} wurde schon vollständig erstattet.`
  if (language === 'es') return `El pedido ${orderId} ya se reembolsó por completo.`
  return `${orderId} was already refunded in full; nothing more can be paid for it.`
}

export function tellPaid(amount: number, refundId: string | undefined, language: Language): string {
  const number = refundId === undefined ? '' : ` (${refundId})`
  if (language === 'de')
    return `Ich habe Ihnen ${dollars(amount)} erstattet${number}; das Geld ist in drei bis fünf Tagen da.`
  if (language === 'es')
    return `Le he reembolsado ${dollars(amount)}${number}; el dinero tarda de tres a cinco días.`
  return `I have refunded ${dollars(amount)} to you${number}; it takes three to five days to show.`
}

/** How a proposal stands that a person has to decide. `agent.ts` finds it again by these words. */
export const waiting: InEach = {
  en: 'is waiting for a colleague to approve it',
  de: 'wartet auf die Freigabe durch eine Kollegin',
  es: 'está pendiente de que lo apruebe un compañero',
}
export const declined: InEach = {
  en: 'was not approved by the colleague who decides',
  de: 'wurde von der zuständigen Kollegin nicht freigegeben',
  es: 'no fue aprobado por el compañero que decide',
}

export function tellPending(amount: number, orderId: string, language: Language): string {
  if (language === 'de')
    return `Die Erstattung von ${dollars(amount)} für ${orderId} ${waiting.de}; bezahlt ist noch nichts.`
  if (language === 'es')
    return `El reembolso de ${dollars(amount)} de ${orderId} ${waiting.es}; todavía no se ha pagado nada.`
  return `The refund of ${dollars(amount)} for ${orderId} ${waiting.en}; nothing has been paid yet.`
}

export function tellDenied(amount: number, orderId: string, language: Language): string {
  if (language === 'de')
    return `Die Erstattung von ${dollars(amount)} für ${orderId} ${declined.de}, deshalb wird nichts ausgezahlt.`
  if (language === 'es')
    return `El reembolso de ${dollars(amount)} de ${orderId} ${declined.es}, así que no se paga nada.`
  return `The refund of ${dollars(amount)} for ${orderId} ${declined.en}, so it will not be paid.`
}

export function tellTooLate(
  { orderId, deliveredAt, days }: { orderId: string; deliveredAt: string; days: number },
  language: Language,
): string {
  const day = spokenDay(deliveredAt, language)
  if (language === 'de')
    return `${orderId} wurde am ${day} geliefert. Das ist länger als ${days} Tage her, deshalb können wir leider nicht mehr erstatten. Auf Wunsch stelle ich einen Antrag auf eine Ausnahme.`
  if (language === 'es')
    return `El pedido ${orderId} se entregó el ${day}, hace más de ${days} días, y solo reembolsamos dentro de ese plazo. Si quiere, abro una solicitud de excepción.`
  return `${orderId} was delivered on ${day}. That is more than ${days} days ago, and refunds are only possible within ${days} days of delivery, so I can't refund it. If you want, I can open an exception request.`
}
