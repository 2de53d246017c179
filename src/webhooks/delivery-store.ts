/** What came of one attempt to send a webhook. */
export interface DeliveryTry {
  /** In ISO 8601. */
  readonly at: string
  /** The HTTP status that the receiver answered; null if it answered none. */
  readonly status: number | null
  /** What was wrong, as a sentence; null if nothing was. */
  readonly problem: string | null
}

/** States of a delivery; the last two are final. */
export const DELIVERY_STATES = ['waiting', 'delivered', 'failed'] as const

/** That a job has ended is to be told to a webhook: a row that comes to be with the end itself. */
export interface Delivery {
  /** The id of the message, the same for each attempt. */
  readonly id: string
  readonly job: string
  readonly user: string
  readonly url: string
  readonly state: (typeof DELIVERY_STATES)[number]
  /** How often it was begun, also by nodes that died. */
  readonly attempts: number
  readonly tries: readonly DeliveryTry[]
  /** When it is tried next, unless its state is final. */
  readonly nextAt: Date
  readonly createdAt: Date
}

/** The truth about deliveries. Every method throws AtelierError DATABASE_UNAVAILABLE when the database does not answer. */
export interface DeliveryStore {
  /** Takes deliveries that are due for `lease` ms; of a node that dies then they are due again. */
  claim(most: number, lease: number): Promise<readonly Delivery[]>
  /** How long until the next is due, in ms; null if none is waiting. */
  untilDue(): Promise<number | null>
  /** Compare-and-set by attempt: it is delivered, or given up. */
  finish(delivery: Delivery, state: 'delivered' | 'failed', told: DeliveryTry): Promise<void>
  /** Compare-and-set by attempt: it is to be tried again in `wait` ms. */
  retry(delivery: Delivery, wait: number, told: DeliveryTry): Promise<void>
  ofJob(job: string): Promise<readonly Delivery[]>
}
