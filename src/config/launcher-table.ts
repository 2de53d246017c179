import { z } from 'zod'
import { KEY_FACTS } from './key-facts.ts'

/** `[launcher]`: the service that starts jobs. */
export const launcherTable = z
  .strictObject({
    user: z.string().min(1).optional().register(KEY_FACTS, {
      description: 'The account that sessions run as; only root can run them as another.',
      otherwise:
        'the account that starts Atelier; for root the one that called sudo, or atelier-user',
      example: 'alice',
    }),
  })
  .prefault({})
