import { z } from 'zod'
import { jobCommandsTable } from './job-commands-table.ts'
import { jobOutputKeys } from './job-output-keys.ts'

/** `[jobs]`: what is run to its end. */
export const jobsTable = z
  .strictObject({ ...jobOutputKeys, commands: jobCommandsTable })
  .prefault({})
