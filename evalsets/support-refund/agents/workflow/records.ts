/** What the shop's systems answer, as far as this agent looks at it. */
export interface OrderItem {
  readonly sku: string
  readonly name: string
  readonly quantity: number
  readonly unit_price_usd?: number
}

export interface Order {
  readonly order_id: string
  readonly customer_id: string
  readonly status: string
  readonly placed_on: string
  readonly delivered_at?: string | null
  readonly total_usd: number
  readonly refunded_usd: number
  readonly items: readonly OrderItem[]
  readonly shipping_usd: number
  readonly gift: boolean
  readonly note: string
  readonly as_of: string
}

export interface FoundOrder {
  readonly order_id: string
  readonly placed_on: string
  readonly status: string
  readonly items: readonly string[]
}

export interface Refund {
  readonly refund_id: string
  readonly amount_usd: number
  readonly reason_code: string
  readonly at: string
  readonly status: string
}

export interface Gift {
  readonly order_id: string
  readonly recipient_id: string
  readonly delivered_at: string
  readonly items: readonly OrderItem[]
  readonly total_usd: number
  readonly credits: readonly number[]
  readonly as_of: string
}

export interface Customer {
  readonly customer_id: string
  readonly name: string
  readonly email: string
  readonly loyalty: string
  readonly status: string
  readonly verified: boolean
}

export interface Ticket {
  readonly customer_id: string
  readonly kind: string
  readonly subject: string
  readonly attachments: readonly string[]
  readonly thread: readonly { readonly from: string; readonly text: string }[]
}

export interface Invoice {
  readonly invoice_id: string
  readonly order_id: string
  readonly issued_on: string
  readonly status: string
  readonly lines: readonly {
    readonly sku: string
    readonly quantity: number
    readonly amount_usd: number
  }[]
  readonly total_usd: number
}

export interface Tracking {
  readonly carrier: string
  readonly events: readonly Record<string, string>[]
  readonly as_of: string
}

export interface Product {
  readonly sku: string
  readonly name: string
  readonly price_usd: number
  readonly in_stock: number
  readonly reviews: readonly { readonly text: string }[]
}

/** The catalogue's answer where a SKU could mean several products. */
export interface Candidates {
  readonly candidates: readonly { readonly sku: string; readonly name?: string }[]
}

export interface Article {
  readonly id: string
  readonly title: string
  readonly updated: string
  readonly body: string
}
