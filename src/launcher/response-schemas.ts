import { z } from 'zod'
import { jobPort } from './api-schemas.ts'
import { clusterInfo } from './cluster-info-schema.ts'
import { JOB_STATUSES } from './job.ts'
import { reportedJob } from './job-schemas.ts'
import { RESPONSE } from './protocol.ts'
import { apiVersion } from './request-schemas.ts'
import { amount, flag, list, text } from './told.ts'

const requestId = z.int().nonnegative()

/** Fields of every answer. Streams that many listen to carry `sequences` in place of a request's id. */
export const responseBase = z.looseObject({
  messageType: z.int(),
  requestId: requestId.nullish().transform((value) => value ?? 0),
  responseId: requestId.nullish(),
  sequences: z.array(z.object({ requestId, seqId: z.int().nonnegative().nullish() })).nullish(),
})

/** The answer that a request failed; `errorCode` is one of PLUGIN_ERROR. */
export const errorResponse = z.object({ errorCode: z.int(), errorMessage: text })

/** What the plugin reports of itself unasked; the latencies are counted in LATENCY_BUCKETS since the last report. */
export const metricsResponse = z.object({
  messageType: z.literal(RESPONSE.metrics),
  uptimeSeconds: amount,
  memoryUsageBytes: amount,
  clusterInteractionLatencySample: z
    .object({ buckets: list(z.number().nonnegative()), sum: z.number().nonnegative() })
    .nullish()
    .transform((sample) => sample ?? null),
})

/** The answers of a plugin by what they answer. */
export const RESPONSES = {
  bootstrap: z.object({ messageType: z.literal(RESPONSE.bootstrap), version: apiVersion }),
  jobs: z.object({ messageType: z.literal(RESPONSE.jobs), jobs: list(reportedJob) }),
  status: z.object({
    messageType: z.literal(RESPONSE.status),
    id: z.string(),
    name: text,
    status: z.enum(JOB_STATUSES),
    statusCode: text,
    statusMessage: text,
  }),
  control: z.object({
    messageType: z.literal(RESPONSE.control),
    operationComplete: flag,
    statusMessage: text,
  }),
  output: z.object({
    messageType: z.literal(RESPONSE.output),
    seqId: amount,
    output: text,
    outputType: z.enum(['stdout', 'stderr', 'mixed']).catch('mixed'),
    complete: flag,
    /** Ours: it waits to be told how many answers were read. */
    acknowledge: flag,
  }),
  /** Memory in MB; Go plugins leave out what is zero. */
  usage: z.object({
    messageType: z.literal(RESPONSE.usage),
    cpuPercent: amount,
    cpuTime: amount,
    residentMemory: amount,
    virtualMemory: amount,
    /** Ours: in how many of its terminals a program runs. */
    terminalPrograms: z.int().min(0).nullish(),
    complete: flag,
  }),
  network: z.object({
    messageType: z.literal(RESPONSE.network),
    host: text,
    ipAddresses: list(z.string()),
    /** `unix:` and a path, where the job listens on `host`. */
    endpoints: list(z.string()),
    /** Ours: where processes of the job listen, when that was asked. */
    ports: z.array(jobPort).nullish(),
  }),
  clusterInfo: clusterInfo.extend({ messageType: z.literal(RESPONSE.clusterInfo) }),
  loadBalancerNodes: z.object({ messageType: z.literal(RESPONSE.loadBalancerNodes) }),
  /** `errorType` is one of RELOAD_ERROR. */
  configReload: z.object({
    messageType: z.literal(RESPONSE.configReload),
    errorType: z.int().min(-1),
    errorMessage: text,
  }),
}
