import { z } from 'zod'
import { configSchema } from '../config/schema.ts'

/** What the node tells the process that started it, over the channel between parent and child. */
export const nodeMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), port: z.number(), signInToken: z.string().optional() }),
  z.object({ type: z.literal('failed'), reason: z.string() }),
])

/** A message of the node to its parent. */
export type NodeMessage = z.infer<typeof nodeMessage>

/** What `atelier start` tells its processes when it has read the configuration again. */
export const configMessage = z.object({ type: z.literal('config'), config: configSchema })

/** A message with a configuration. */
export type ConfigMessage = z.infer<typeof configMessage>

/** The variable that holds the completed configuration in the environment of these processes, as JSON. */
export const RESOLVED_CONFIG = 'ATELIER_RESOLVED_CONFIG'
