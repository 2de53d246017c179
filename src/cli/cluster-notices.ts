import { z } from 'zod'
import type { ApiClient } from './api-client.ts'

// What else the API answers is passed on as it is.
const noticeBody = z.looseObject({
  id: z.string(),
  text: z.string(),
  severity: z.string(),
  from: z.string(),
  until: z.string().nullable(),
  dismissible: z.boolean(),
})

/** A notice as the API answers it. */
export type ClusterNotice = z.infer<typeof noticeBody>

/** What a new notice is made of; times are ISO 8601, null for at once and for no end. */
export interface NoticeWish {
  readonly text: string
  readonly severity: string
  readonly from: string | null
  readonly until: string | null
  readonly dismissible: boolean
}

/** The notices of the cluster that a client speaks to. */
export class ClusterNotices {
  readonly #client: Pick<ApiClient, 'request'>

  constructor(options: { readonly client: Pick<ApiClient, 'request'> }) {
    this.#client = options.client
  }

  /** All of them, also those of another time. */
  async list(): Promise<readonly ClusterNotice[]> {
    const answer = await this.#client.request('GET', '/api/v1/notices?all=true')
    return z.object({ items: z.array(noticeBody) }).parse(answer).items
  }

  /** Tells everybody. */
  async create(wish: NoticeWish): Promise<ClusterNotice> {
    return noticeBody.parse(await this.#client.request('POST', '/api/v1/notices', wish))
  }

  /** Takes it back. */
  async remove(id: string): Promise<void> {
    await this.#client.request('DELETE', `/api/v1/notices/${encodeURIComponent(id)}`)
  }
}
