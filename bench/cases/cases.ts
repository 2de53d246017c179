import { MEDIUM_BYTES, SMALL_BYTES } from '../upstream/upstream.ts'
import type { BenchCase } from './bench-case.ts'
import { hops } from './compared.ts'
import { echoCase } from './echo-case.ts'
import { gossipCase } from './gossip-case.ts'
import { httpCase } from './http-case.ts'
import { idleMemoryCase } from './idle-memory-case.ts'
import { jobStartCase } from './job-start-case.ts'
import { jobsHistoryCase } from './jobs-history-case.ts'
import { jobsAtOnceCase } from './jobs-at-once-case.ts'
import { routableCase } from './routable-case.ts'
import { routingCase } from './routing-case.ts'
import { sessionStartCase } from './session-start-case.ts'
import { socketMemoryCase } from './socket-memory-case.ts'
import { downloadCase, uploadCase } from './transfer-case.ts'

const HOPS = hops(process.env['BENCH_EARLIER'])

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
  httpCase({
    name: 'hops-http',
    what: '200 bytes by one node and by two',
    file: 'small',
    bodyBytes: SMALL_BYTES,
    connections: 50,
    compared: HOPS,
  }),
  echoCase({
    name: 'hops-echo',
    what: '256 KiB by one node and by two',
    payloadBytes: 256 * 1024,
    connections: 4,
    compared: HOPS,
  }),
  sessionStartCase,
  jobStartCase,
  jobsAtOnceCase,
  jobsHistoryCase,
  idleMemoryCase,
  routableCase,
  routingCase,
  socketMemoryCase,
  gossipCase,
]
