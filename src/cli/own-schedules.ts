import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { ApiClient } from './api-client.ts'
import { CommandFailure } from './failure.ts'

// What else the API answers is passed on as it is.
const scheduleBody = z.looseObject({
  id: z.string(),
  name: z.string(),
  cron: z.string(),
  timeZone: z.string(),
  enabled: z.boolean(),
  nextAt: z.string().nullable(),
  lastAt: z.string().nullable(),
  lastJob: z.string().nullable(),
  lastProblem: z.string().nullable(),
  missed: z.string(),
  overlap: z.string(),
  request: z.looseObject({ script: z.string().nullable(), command: z.string().nullable() }),
})
const jobBody = z.looseObject({ id: z.string(), state: z.string() })
const secretBody = z.object({ secret: z.string() })

/** A schedule as the API answers it. */
export type OwnSchedule = z.infer<typeof scheduleBody>

/** The schedules, and the webhook secret, of the user that a client speaks for. */
export class OwnSchedules {
  readonly #client: Pick<ApiClient, 'request'>

  constructor(options: { readonly client: Pick<ApiClient, 'request'> }) {
    this.#client = options.client
  }

  /** All of them, oldest first. */
  async list(): Promise<readonly OwnSchedule[]> {
    const answer = await this.#client.request('GET', '/api/v1/schedules')
    return z.object({ items: z.array(scheduleBody) }).parse(answer).items
  }

  /** The schedule with this id or, if there is just one, this name. Throws CommandFailure. */
  async find(idOrName: string): Promise<OwnSchedule> {
    const all = await this.list()
    const byId = all.filter(({ id }) => id === idOrName)
    const found = byId.length > 0 ? byId : all.filter(({ name }) => name === idOrName)
    const [schedule] = found
    if (schedule !== undefined && found.length === 1) return schedule
    if (schedule === undefined) {
      throw new CommandFailure(
        'SCHEDULE_NOT_FOUND',
        `There is no schedule ${idOrName}. Those there are shows: atelier schedule list`,
      )
    }
    const ids = found.map(({ id }) => id).join(', ')
    throw new CommandFailure(
      'SCHEDULE_AMBIGUOUS',
      `Several schedules are called ${idOrName}; say which by its id: ${ids}`,
    )
  }

  async create(body: object): Promise<OwnSchedule> {
    return scheduleBody.parse(await this.#client.request('POST', '/api/v1/schedules', body))
  }

  async change({ id }: OwnSchedule, body: object): Promise<OwnSchedule> {
    return scheduleBody.parse(await this.#client.request('PATCH', `/api/v1/schedules/${id}`, body))
  }

  async remove({ id }: OwnSchedule): Promise<void> {
    await this.#client.request('DELETE', `/api/v1/schedules/${id}`)
  }

  /** Submits its job now. */
  async run({ id }: OwnSchedule): Promise<z.infer<typeof jobBody>> {
    const headers = { 'idempotency-key': randomUUID() }
    const path = `/api/v1/schedules/${id}/run`
    return jobBody.parse(await this.#client.request('POST', path, undefined, headers))
  }

  /** What webhooks are signed by; a new one if it is to be replaced. */
  async webhookSecret(replace: boolean): Promise<string> {
    const method = replace ? 'POST' : 'GET'
    return secretBody.parse(await this.#client.request(method, '/api/v1/webhook-secret')).secret
  }
}
