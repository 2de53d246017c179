import { z } from 'zod'
import { jobCommandsTable } from './job-commands-table.ts'

/** `[jobs]`: what is run to its end. */
export const jobsTable = z.strictObject({ commands: jobCommandsTable }).prefault({})
