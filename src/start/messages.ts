import { z } from 'zod'

/** What the node tells the process that started it, over the channel between parent and child. */
export const nodeMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), port: z.number(), signInToken: z.string().optional() }),
  z.object({ type: z.literal('failed'), reason: z.string() }),
])

/** A message of the node to its parent. */
export type NodeMessage = z.infer<typeof nodeMessage>
