import { asAtelierError } from '../errors.ts'
import type { NodeWatch } from '../nodes/node-watch.ts'
import type { Api } from './api.ts'
import { errorAnswer } from './error-responses.ts'
import { nodeJson, nodesAnswer } from './node-json.ts'

/** What the stream of nodes listens to. */
export interface NodeEventParts {
  readonly nodeWatch: Pick<NodeWatch, 'listen'>
  /** Aborted when the node stops, so that open streams do not hold it up. */
  readonly stopping: AbortSignal
}

const followNodes = {
  id: 'followNodes',
  administrators: true,
  method: 'get',
  path: '/nodes/events',
  summary: 'How the nodes of the cluster are, as it changes',
  events: {
    nodes: nodesAnswer.describe('All nodes: at once, after each change, and every 2 s.'),
    problem: errorAnswer.describe('Why they cannot be read now; it is tried again.'),
  },
} as const

/** `GET /nodes/events`: how the nodes of the cluster are, as it changes; for administrators. */
export function nodeEventRoutes(api: Api, { nodeWatch, stopping }: NodeEventParts): void {
  api.addStream('admin', followNodes, () => (stream) => {
    const unlisten = nodeWatch.listen((told) => {
      if ('nodes' in told) stream.send('nodes', { items: told.nodes.map(nodeJson) })
      else stream.send('problem', asAtelierError(told.problem).toJSON())
    })
    const stop = () => stream.end()
    stopping.addEventListener('abort', stop)
    stream.signal.addEventListener('abort', () => {
      unlisten()
      stopping.removeEventListener('abort', stop)
    })
  })
}
