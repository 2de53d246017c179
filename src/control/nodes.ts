import { z } from 'zod'
import type { Nodes } from '../nodes/nodes.ts'
import type { Api } from './api.ts'
import {
  nodeAnswer,
  nodeJson,
  nodesAnswer,
  nodeSessionAnswer,
  nodeSessionJson,
} from './node-json.ts'
import type { SessionExtras } from './session-json.ts'

/** What the node routes need. */
export interface NodeParts {
  readonly nodes: Pick<
    Nodes,
    'listNodes' | 'sessionsOf' | 'drainNode' | 'undrainNode' | 'removeNode'
  >
  readonly extras: Pick<SessionExtras, 'report'>
}

const params = { name: z.string() }
const isNow = { 200: { description: 'The node as it is now.', body: nodeAnswer } }

const listNodes = {
  id: 'listNodes',
  administrators: true,
  method: 'get',
  path: '/nodes',
  summary: 'The nodes of the cluster, by name',
  answers: {
    200: { description: 'All of them, with those that have ended.', body: nodesAnswer },
  },
} as const

const listNodeSessions = {
  id: 'listNodeSessions',
  administrators: true,
  method: 'get',
  path: '/nodes/{name}/sessions',
  summary: 'The sessions that a node holds, of all users, oldest first',
  params,
  errors: ['NODE_NOT_FOUND'],
  answers: {
    200: {
      description: 'All of them, with those that have ended.',
      body: z.object({ items: z.array(nodeSessionAnswer) }),
    },
  },
} as const

const drainNode = {
  id: 'drainNode',
  administrators: true,
  method: 'post',
  path: '/nodes/{name}/drain',
  summary: 'Give a node no new sessions; those it has stay',
  params,
  errors: ['NODE_NOT_FOUND'],
  answers: isNow,
} as const

const undrainNode = {
  id: 'undrainNode',
  administrators: true,
  method: 'post',
  path: '/nodes/{name}/undrain',
  summary: 'Give a node new sessions again',
  params,
  errors: ['NODE_NOT_FOUND'],
  answers: isNow,
} as const

const removeNode = {
  id: 'removeNode',
  administrators: true,
  method: 'delete',
  path: '/nodes/{name}',
  summary: 'Forget a node that has ended for good',
  params,
  errors: ['NODE_NOT_FOUND', 'NODE_ONLINE'],
  answers: { 204: { description: 'It is in no list any more; it comes back if it starts.' } },
} as const

/** List, drain, undrain and remove nodes, and who holds which session; for administrators. */
export function nodeRoutes(api: Api, { nodes, extras }: NodeParts): void {
  api.add('admin', listNodes, async () => ({
    status: 200,
    body: { items: (await nodes.listNodes()).map(nodeJson) },
  }))

  api.add('admin', listNodeSessions, async ({ params }) => {
    const held = await nodes.sessionsOf(params.name)
    return { status: 200, body: { items: held.map((each) => nodeSessionJson(each, extras)) } }
  })

  api.add('admin', drainNode, async ({ params }) => ({
    status: 200,
    body: nodeJson(await nodes.drainNode(params.name)),
  }))

  api.add('admin', undrainNode, async ({ params }) => ({
    status: 200,
    body: nodeJson(await nodes.undrainNode(params.name)),
  }))

  api.add('admin', removeNode, async ({ params }) => {
    await nodes.removeNode(params.name)
    return { status: 204 }
  })
}
