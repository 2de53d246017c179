import { setTimeout as delay } from 'node:timers/promises'
import type { JobStore } from '../jobs/job-store.ts'
import type { WorkbenchJob } from '../jobs/workbench-job.ts'
import type { Log } from '../log.ts'
import type { Delivery, DeliveryStore } from '../webhooks/delivery-store.ts'
import { retryWait } from '../webhooks/retry-wait.ts'
import type { sendWebhook, SentWebhook } from '../webhooks/send-webhook.ts'
import type { WebhookSecrets } from '../webhooks/webhook-secrets.ts'
import type { Task } from './task.ts'

/** How many are sent at once, so that a receiver that does not answer holds up no other. */
const AT_ONCE = 8
/** Longer than sending takes; after it another node sends what this one has begun. */
const LEASE_MS = 30_000
const LONGEST_PERIOD_MS = 5000
/** How long until others are looked for while some are being sent. */
const LOOK_AGAIN_MS = 500
/** It is wanted no more (RFC 9110, 15.5.11). */
const GONE = 410

/** Tells webhooks that jobs have ended, at least once each. Any node does it, and one at a time does each. */
export class DeliverWebhooks implements Task {
  readonly name = 'deliver-webhooks'
  readonly #store: DeliveryStore
  readonly #jobs: Pick<JobStore, 'get'>
  readonly #secrets: Pick<WebhookSecrets, 'of'>
  readonly #send: typeof sendWebhook
  readonly #body: (job: WorkbenchJob) => object
  readonly #hosts: () => readonly string[]
  readonly #userAgent: string
  readonly #log: Log
  #period = LONGEST_PERIOD_MS

  constructor(parts: {
    store: DeliveryStore
    jobs: Pick<JobStore, 'get'>
    secrets: Pick<WebhookSecrets, 'of'>
    send: typeof sendWebhook
    /** The JSON that is sent of a job. */
    body: (job: WorkbenchJob) => object
    /** Hosts that an administrator has listed; asked each time. */
    hosts: () => readonly string[]
    userAgent: string
    log: Log
  }) {
    this.#store = parts.store
    this.#jobs = parts.jobs
    this.#secrets = parts.secrets
    this.#send = parts.send
    this.#body = parts.body
    this.#hosts = parts.hosts
    this.#userAgent = parts.userAgent
    this.#log = parts.log
  }

  /** Until the next is due, as far as it is known. */
  get period(): number {
    return this.#period
  }

  /** Sends all that are due, also those that become so meanwhile. */
  async activate(signal: AbortSignal): Promise<void> {
    const sending = new Set<Promise<void>>()
    try {
      for (;;) {
        for (const delivery of await this.#claim(AT_ONCE - sending.size, signal)) {
          const one: Promise<void> = this.#deliver(delivery, signal)
            .catch((error: unknown) => this.#say(delivery, error, signal))
            .finally(() => sending.delete(one))
          sending.add(one)
        }
        if (sending.size === 0) break
        await Promise.race([...sending, delay(LOOK_AGAIN_MS)])
      }
    } finally {
      await Promise.all(sending)
    }
    const wait = (await this.#store.untilDue()) ?? LONGEST_PERIOD_MS
    this.#period = Math.min(Math.max(wait, 50), LONGEST_PERIOD_MS)
  }

  async #claim(most: number, signal: AbortSignal): Promise<readonly Delivery[]> {
    if (most === 0 || signal.aborted) return []
    return this.#store.claim(most, LEASE_MS)
  }

  async #deliver(delivery: Delivery, signal: AbortSignal): Promise<void> {
    const job = await this.#jobs.get(delivery.job)
    // Its row goes with that of its job.
    if (job === undefined) return
    const sentAt = new Date()
    const sent = await this.#send({
      url: delivery.url,
      message: { id: delivery.id, sentAt, body: JSON.stringify(this.#body(job)) },
      secrets: await this.#secrets.of(delivery.user),
      hosts: this.#hosts(),
      userAgent: this.#userAgent,
      signal,
    })
    await this.#note(delivery, sentAt, sent)
  }

  async #note(delivery: Delivery, sentAt: Date, sent: SentWebhook): Promise<void> {
    const { job, attempts } = delivery
    const told = { at: sentAt.toISOString(), ...sent }
    if (sent.problem === null) return this.#store.finish(delivery, 'delivered', told)
    const wait = sent.status === GONE ? null : retryWait(attempts, Math.random())
    this.#log.info({ job, attempts, ...sent, again_ms: wait }, 'a webhook was not delivered')
    if (wait === null) return this.#store.finish(delivery, 'failed', told)
    return this.#store.retry(delivery, wait, told)
  }

  // Its hold runs out, and then it is tried again, maybe by another node.
  #say(delivery: Delivery, error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return
    this.#log.warn({ err: error, job: delivery.job }, 'sending a webhook failed')
  }
}
