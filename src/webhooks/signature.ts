import { createHmac } from 'node:crypto'

/** What is signed of a message. */
export interface SignedMessage {
  /** The same each time that the message is sent. */
  readonly id: string
  readonly sentAt: Date
  readonly body: string
}

/**
 * The headers that a receiver checks by Standard Webhooks (HMAC-SHA256). With several secrets there are as many signatures, of
 * which one has to be right.
 */
export function signatureHeaders(
  { id, sentAt, body }: SignedMessage,
  secrets: readonly Buffer[],
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(sentAt.getTime() / 1000))
  const signatures = secrets.map(
    (secret) =>
      `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
  )
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  }
}

/** A secret as it is shown to its owner, and as libraries of Standard Webhooks take it. */
export function shownSecret(secret: Buffer): string {
  return `whsec_${secret.toString('base64')}`
}
