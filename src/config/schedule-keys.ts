import { z } from 'zod'
import { KEY_FACTS } from './key-facts.ts'

/** `jobs.shortest_interval_seconds` */
const shortestInterval = z.int().min(1).max(86_400).default(60).register(KEY_FACTS, {
  description:
    'How far apart the runs of a schedule must be at least. It is looked at when a schedule is made or given another time.',
  unit: 'seconds',
  reloadable: true,
})

// As URL writes them, with or without a port.
const HOST = /^(\[[0-9a-f:.]+\]|[^\s/@:?#[\]]+)(:\d{1,5})?$/i

/** `jobs.webhook_hosts` */
const webhookHosts = z
  .array(z.string().regex(HOST))
  .default([])
  .register(KEY_FACTS, {
    description:
      'Hosts, with or without a port, that webhooks may be sent to although their addresses are not public, or by plain http. To all other hosts they are sent by https, and only to public addresses. Whoever may submit jobs can make Atelier send a request to a host that is listed here.',
    otherwise: 'none',
    example: ['hooks.internal.example.org'],
    right: 'a list of hosts, such as ["hooks.internal.example.org", "10.1.2.3:8080"]',
    reloadable: true,
  })

/** The keys of `[jobs]` about schedules and webhooks. */
export const scheduleKeys = {
  shortest_interval_seconds: shortestInterval,
  webhook_hosts: webhookHosts,
}
