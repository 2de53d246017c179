import { z } from 'zod'
import type { Jobs } from '../jobs/jobs.ts'
import { DELIVERY_STATES, type Delivery, type DeliveryStore } from '../webhooks/delivery-store.ts'
import { shownSecret } from '../webhooks/signature.ts'
import type { WebhookSecrets } from '../webhooks/webhook-secrets.ts'
import type { Api } from './api.ts'

/** What the routes of webhooks need. */
export interface WebhookParts {
  readonly workbenchJobs: Pick<Jobs, 'getJob'>
  readonly deliveries: Pick<DeliveryStore, 'ofJob'>
  readonly webhookSecrets: WebhookSecrets
}

const time = z.iso.datetime()
const secretAnswer = z
  .object({
    secret: z
      .string()
      .describe('As libraries of Standard Webhooks take it: `whsec_` and 32 bytes in base64.'),
  })
  .meta({ id: 'WebhookSecret', description: 'What your webhooks are signed by.' })

const deliveryAnswer = z
  .object({
    id: z.string().describe('The id of the message (`webhook-id`), the same for each attempt.'),
    state: z.enum(DELIVERY_STATES).describe('delivered and failed are final.'),
    attempts: z.int().describe('How often it was begun, also by servers that died meanwhile.'),
    nextAt: time.nullable().describe('When it is tried next; null if it is not.'),
    tries: z.array(
      z.object({
        at: time,
        status: z.int().nullable().describe('What the receiver answered; null if nothing.'),
        problem: z.string().nullable().describe('What was wrong; null if nothing was.'),
      }),
    ),
    createdAt: time.describe('When the job ended.'),
  })
  .meta({ id: 'WebhookDelivery', description: 'That a job has ended, told to its webhook.' })

const getWebhookSecret = {
  id: 'getWebhookSecret',
  method: 'get',
  path: '/webhook-secret',
  summary: 'The secret that your webhooks are signed by',
  description: 'It is made when it is first asked for, or first needed.',
  answers: { 200: { description: 'Keep it secret.', body: secretAnswer } },
} as const

const replaceWebhookSecret = {
  id: 'replaceWebhookSecret',
  method: 'post',
  path: '/webhook-secret',
  summary: 'Replace the secret that your webhooks are signed by',
  description: 'For a day both sign, so that receivers can be changed over.',
  answers: { 201: { description: 'The new one.', body: secretAnswer } },
} as const

const listDeliveries = {
  id: 'listWebhookDeliveries',
  method: 'get',
  path: '/jobs/{id}/webhook',
  summary: "What became of a job's webhook",
  params: { id: z.string() },
  errors: ['JOB_NOT_FOUND'],
  answers: {
    200: {
      description: 'None until the job has ended, and for one without a webhook.',
      body: z.object({ items: z.array(deliveryAnswer) }),
    },
  },
} as const

/** Secrets of webhooks, and what became of them. */
export function webhookRoutes(
  api: Api,
  { workbenchJobs, deliveries, webhookSecrets }: WebhookParts,
): void {
  // Not by "read": who has it can send what looks like ours.
  api.add('jobs', getWebhookSecret, async ({ user }) => {
    const [secret] = await webhookSecrets.of(user)
    return { status: 200, body: { secret: shownSecret(secret) } }
  })

  api.add('jobs', replaceWebhookSecret, async ({ user }) => {
    const [secret] = await webhookSecrets.replace(user)
    return { status: 201, body: { secret: shownSecret(secret) } }
  })

  api.add('read', listDeliveries, async ({ user, params }) => {
    const { id } = await workbenchJobs.getJob(user, params.id)
    return { status: 200, body: { items: (await deliveries.ofJob(id)).map(deliveryJson) } }
  })
}

function deliveryJson({ id, state, attempts, tries, nextAt, createdAt }: Delivery) {
  return {
    id,
    state,
    attempts,
    tries,
    nextAt: state === 'waiting' ? nextAt.toISOString() : null,
    createdAt: createdAt.toISOString(),
  }
}
