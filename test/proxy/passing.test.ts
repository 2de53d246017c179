import { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import t from 'tap'
import { AtelierError } from '../../src/errors.ts'
import type { Entry } from '../../src/proxy/entry.ts'
import type { Exchange } from '../../src/proxy/exchange.ts'
import { PassedRequests, type Passing } from '../../src/proxy/passing.ts'
import { session } from './stage.ts'

t.test(
  'news that a session has moved do not cut off the request that asked for them',
  async (t) => {
    const response = new EventEmitter() as ServerResponse
    response.destroy = () => {
      Object.assign(response, { destroyed: true })
      response.emit('close')
      return response
    }
    const entry = { session: session('moved', ''), target: {} } as unknown as Entry
    let tries = 0
    const exchange = ((_entry, _body, onFailed) => ({
      target: {},
      isSent: true,
      start: () => {
        tries++
        if (tries === 1) onFailed(new AtelierError('SESSION_MOVED'))
        else response.emit('close')
      },
    })) as Passing['exchange'] as () => Exchange
    const passed: PassedRequests = new PassedRequests({
      // As a node does when the row that it reads has another epoch.
      peers: { get: () => undefined, refresh: async () => passed.close('moved') },
      times: { pauseMs: 1, longestMs: 1000 },
    })
    const request = { headers: {} } as IncomingMessage
    await passed.pass({ request, response, entry, enter: () => entry, exchange })
    t.equal(tries, 2)
    t.notOk(response.destroyed)
  },
)
