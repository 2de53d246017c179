import { z } from 'zod'
import { launcherClustersTable } from './launcher-clusters-table.ts'
import { ABSOLUTE_PATH, absolutePath, KEY_FACTS } from './key-facts.ts'

/** `[launcher]`: the service that starts jobs. */
export const launcherTable = z
  .strictObject({
    user: z.string().min(1).optional().register(KEY_FACTS, {
      description: 'The account that sessions run as; only root can run them as another.',
      otherwise:
        'the account that starts Atelier; for root the one that called sudo, or atelier-user',
      example: 'alice',
    }),
    minimum_uid: z.int().min(1).max(4_294_967_294).default(1000).register(KEY_FACTS, {
      description:
        'Where everybody has sessions of their own: accounts with a smaller uid are those of the system, and run none.',
    }),
    key_file: absolutePath.optional().register(KEY_FACTS, {
      description:
        'The file with the key that a node shows the Launcher with each request. The Launcher makes it, for root and the group of node.user.',
      otherwise: 'launcher/launcher.key in data.directory',
      example: '/etc/atelier/launcher.key',
      right: ABSOLUTE_PATH,
    }),
    clusters: launcherClustersTable,
  })
  .prefault({})
