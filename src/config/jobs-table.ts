import { z } from 'zod'
import { jobCommandsTable } from './job-commands-table.ts'
import { jobOutputKeys } from './job-output-keys.ts'
import { scheduleKeys } from './schedule-keys.ts'

/** `[jobs]`: what is run to its end. */
export const jobsTable = z
  .strictObject({ ...jobOutputKeys, ...scheduleKeys, commands: jobCommandsTable })
  .prefault({})
