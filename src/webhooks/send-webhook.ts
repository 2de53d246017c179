import { Agent, request } from 'undici'
import { AtelierError, systemCode } from '../errors.ts'
import { guardedAgent, type Lookup } from './guarded-agent.ts'
import { signatureHeaders, type SignedMessage } from './signature.ts'
import { isListed, webhookProblem } from './webhook-url.ts'

const TIMEOUT_MS = 10_000

/** What came of sending a webhook. */
export interface SentWebhook {
  /** The HTTP status of the answer; null without one. */
  readonly status: number | null
  /** What was wrong, as a sentence; null if it was delivered. */
  readonly problem: string | null
}

/**
 * Sends a signed message once, with a time limit of 10 s and without following redirects; only the status of the answer
 * is looked at. Never throws, except what `signal` was aborted with.
 */
export async function sendWebhook(parts: {
  readonly url: string
  readonly message: SignedMessage
  readonly secrets: readonly Buffer[]
  /** Hosts that the administrator has listed; see webhookProblem. */
  readonly hosts: readonly string[]
  readonly userAgent: string
  readonly signal: AbortSignal
  readonly lookup?: Lookup
  readonly timeout?: number
}): Promise<SentWebhook> {
  const { url: text, message, secrets, hosts, signal, timeout = TIMEOUT_MS } = parts
  // The administrator may have taken a host from the list since the job was submitted.
  const problem = webhookProblem(text, hosts)
  if (problem !== undefined) return { status: null, problem: `The webhook ${problem}.` }
  const agent = isListed(new URL(text), hosts)
    ? new Agent({ pipelining: 0, connect: { timeout } })
    : guardedAgent({ timeout, ...(parts.lookup && { lookup: parts.lookup }) })
  const limit = AbortSignal.timeout(timeout)
  try {
    const { statusCode: status } = await request(text, {
      method: 'POST',
      dispatcher: agent,
      signal: AbortSignal.any([signal, limit]),
      headers: {
        'content-type': 'application/json',
        'user-agent': parts.userAgent,
        ...signatureHeaders(message, secrets),
      },
      body: message.body,
    })
    const isDelivered = status >= 200 && status < 300
    return { status, problem: isDelivered ? null : refused(status) }
  } catch (error) {
    signal.throwIfAborted()
    return { status: null, problem: limit.aborted ? lateSentence(timeout) : reason(error) }
  } finally {
    // Whatever else it answers is not read.
    agent.destroy().catch(() => undefined)
  }
}

function refused(status: number): string {
  const isRedirect = status >= 300 && status < 400
  return `The receiver answered ${status}${isRedirect ? ', a redirect, which is not followed' : ''}.`
}

function lateSentence(timeout: number): string {
  return `The receiver did not answer within ${timeout / 1000} seconds.`
}

function reason(error: unknown): string {
  if (error instanceof AtelierError) return error.message
  const code = systemCode(error)
  return `The receiver could not be reached${code === undefined ? '' : ` (${code})`}.`
}
