import { z } from 'zod'
import { jobCommandsTable } from './job-commands-table.ts'
import { jobOutputKeys } from './job-output-keys.ts'
import { shortestInterval, webhookHosts } from './schedule-keys.ts'

/** `[jobs]`: what is run to its end. */
export const jobsTable = z
  .strictObject({
    ...jobOutputKeys,
    shortest_interval_seconds: shortestInterval,
    webhook_hosts: webhookHosts,
    commands: jobCommandsTable,
  })
  .prefault({})
