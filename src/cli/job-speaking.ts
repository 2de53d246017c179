import type { ApiClient } from './api-client.ts'
import type { ConfigOptions } from './config-options.ts'
import { connect } from './connect.ts'
import type { CliContext } from './context.ts'
import type { JsonOption } from './describe.ts'
import { OwnJobs } from './own-jobs.ts'
import type { UserOption } from './speak-for.ts'

/** The options of every command of `atelier job`. */
export type Options = ConfigOptions & JsonOption & UserOption

/** Who is spoken with about jobs. */
export interface Speaking {
  readonly client: ApiClient
  readonly jobs: OwnJobs
}

/** Finds the Atelier that is meant. Throws as `connect`. */
export async function speak(context: CliContext, options: Options): Promise<Speaking> {
  const client = await connect(context, options)
  return { client, jobs: new OwnJobs({ client }) }
}
