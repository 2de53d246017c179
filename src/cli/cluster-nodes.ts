import { z } from 'zod'
import type { ApiClient } from './api-client.ts'
import { CommandFailure } from './failure.ts'

// What else the API answers is passed on as it is.
const nodeBody = z.looseObject({
  name: z.string(),
  state: z.string(),
  draining: z.boolean(),
  version: z.string(),
  sessions: z.int(),
  load: z.number().nullable(),
  startedAt: z.string(),
  seenAt: z.string(),
  leftAt: z.string().nullable(),
  lostAt: z.string().nullable(),
})

/** A node as the API answers it. */
export type ClusterNode = z.infer<typeof nodeBody>

/** The nodes of the cluster that a client speaks to. */
export class ClusterNodes {
  readonly #client: Pick<ApiClient, 'request'>

  constructor(options: { readonly client: Pick<ApiClient, 'request'> }) {
    this.#client = options.client
  }

  /** All of them, also those that are not online. */
  async list(): Promise<readonly ClusterNode[]> {
    const answer = await this.#client.request('GET', '/api/v1/nodes')
    return z.object({ items: z.array(nodeBody) }).parse(answer).items
  }

  /** The node of this name. Throws CommandFailure NODE_NOT_FOUND. */
  async find(name: string): Promise<ClusterNode> {
    const found = (await this.list()).find((node) => node.name === name)
    if (found) return found
    throw new CommandFailure('NODE_NOT_FOUND', `There is no node ${name} any more.`)
  }

  /** Lets a node get no new sessions; it keeps those that it has. */
  async drain(name: string): Promise<ClusterNode> {
    return nodeBody.parse(await this.#client.request('POST', `${pathOf(name)}/drain`))
  }

  /** Lets a node get new sessions again. */
  async undrain(name: string): Promise<ClusterNode> {
    return nodeBody.parse(await this.#client.request('POST', `${pathOf(name)}/undrain`))
  }

  /** Removes a node that is not online. */
  async remove(name: string): Promise<void> {
    await this.#client.request('DELETE', pathOf(name))
  }
}

function pathOf(name: string): string {
  return `/api/v1/nodes/${encodeURIComponent(name)}`
}
