import { MEDIUM_BYTES, SMALL_BYTES } from '../upstream/upstream.ts'
import type { BenchCase } from './bench-case.ts'
import { echoCase } from './echo-case.ts'
import { gossipCase } from './gossip-case.ts'
import { httpCase } from './http-case.ts'
import { routingCase } from './routing-case.ts'
import { sessionStartCase } from './session-start-case.ts'
import { socketMemoryCase } from './socket-memory-case.ts'
import { downloadCase, uploadCase } from './transfer-case.ts'

/** All benchmarks, in the order in which they run. */
export const CASES: readonly BenchCase[] = [
  httpCase({
    name: 'small-http',
    what: '200 bytes',
    file: 'small',
    bodyBytes: SMALL_BYTES,
    connections: 50,
  }),
  httpCase({
    name: 'medium-http',
    what: '100 KiB',
    file: 'medium',
    bodyBytes: MEDIUM_BYTES,
    connections: 20,
  }),
  downloadCase,
  uploadCase,
  echoCase({ name: 'small-echo', what: '200 bytes', payloadBytes: 200, connections: 50 }),
  echoCase({ name: 'large-echo', what: '256 KiB', payloadBytes: 256 * 1024, connections: 4 }),
  sessionStartCase,
  routingCase,
  socketMemoryCase,
  gossipCase,
]
