import { z } from 'zod'
import { text } from './told.ts'

/** A node of a load balanced Launcher, in a request; a node that may be used has the status Online. */
export const loadBalancerNode = z.object({
  host: z.string(),
  ipv4: text,
  port: z.union([z.string(), z.int().transform(String)]),
  lastSeen: text,
  status: text,
})

/** A node of a load balanced Launcher. */
export type LoadBalancerNode = z.infer<typeof loadBalancerNode>
