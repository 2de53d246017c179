import { z } from 'zod'
import { launcherClustersTable } from './launcher-clusters-table.ts'
import { SERVICE_NAME } from '../pam/service-files.ts'
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
    pam_service: z.string().regex(SERVICE_NAME).default('atelier').register(KEY_FACTS, {
      description:
        'The service of PAM, a file in /etc/pam.d, by which passwords are checked and sessions opened. As root, atelier pam install makes the default one.',
      right: 'the name of a file in /etc/pam.d, and not su, sudo, runuser or other',
    }),
    pam_sessions: z.boolean().default(true).register(KEY_FACTS, {
      description:
        'Whether each session is a PAM session of its account, which has its limits, makes a missing home and so on. Only a Launcher that runs as root opens any.',
    }),
    home_marker: absolutePath.optional().register(KEY_FACTS, {
      description:
        'A file that is there while the homes are mounted; while it is missing no session starts. Make it on the shared file system.',
      otherwise: 'not looked for',
      example: '/home/.atelier-homes',
      right: ABSOLUTE_PATH,
    }),
    umask: z
      .string()
      .regex(/^0?[0-7]{3}$/)
      .default('0022')
      .register(KEY_FACTS, {
        description: 'The umask of sessions, in octal.',
        right: 'three octal digits, such as "027"',
      }),
    clusters: launcherClustersTable,
  })
  .prefault({})
