import { z } from 'zod'
import {
  A_URL,
  ABSOLUTE_PATH,
  absolutePath,
  accountName,
  AN_ACCOUNT,
  KEY_FACTS,
  nodeUrl,
} from './key-facts.ts'

/** `[node]`: this node. */
export const nodeTable = z
  .strictObject({
    name: z.string().min(1).max(63).optional().register(KEY_FACTS, {
      description: 'The name of this node.',
      otherwise: "the host's name at the first start",
      example: 'node-1',
    }),
    url: nodeUrl.optional().register(KEY_FACTS, {
      description: 'Where the other nodes of a cluster reach this one.',
      otherwise:
        "the host's name, if the others can resolve it, else the address that reaches the database",
      example: 'http://node-1.example.com:8787',
      right: A_URL,
    }),
    user: accountName.default('atelier').register(KEY_FACTS, {
      description:
        'The account that a node becomes when root starts it, and that the built-in database runs as; sessions never do. "atelier start" makes it.',
      right: AN_ACCOUNT,
    }),
  })
  .prefault({})

/** `[cluster]`: the nodes that belong together. */
export const clusterTable = z
  .strictObject({
    enabled: z.boolean().default(false).register(KEY_FACTS, {
      description:
        'Whether this node forms a cluster with all others on the same database (database.url) that have the same cluster key.',
    }),
    key_file: absolutePath.optional().register(KEY_FACTS, {
      description:
        'The file with the cluster key, the same on every node. The first node makes it; copy it to the others.',
      otherwise: 'cluster.key in data.directory',
      example: '/etc/atelier/cluster.key',
      right: ABSOLUTE_PATH,
    }),
    seeds: z
      .array(z.string().regex(/^[^\s/]+:\d{1,5}$/))
      .default([])
      .register(KEY_FACTS, {
        description:
          'Where the gossip of other nodes answers. The nodes that the database knows are found without it.',
        otherwise: 'none',
        example: ['node-1.example.com:7946'],
        right: 'a list of host:port',
      }),
    lease_seconds: z.number().min(5).max(3600).default(40).register(KEY_FACTS, {
      description:
        'For how long a node may be out of touch with the database, and with the other nodes, until its sessions count as lost.',
      unit: 'seconds',
    }),
  })
  .prefault({})

/** `[gossip]`: how nodes tell each other that they are there. */
export const gossipTable = z
  .strictObject({
    host: z.string().min(1).optional().register(KEY_FACTS, {
      description: 'The IP address of this server at which it gossips with other nodes (UDP).',
      otherwise: 'the address at which the other nodes reach this one',
      example: '10.0.0.1',
    }),
    port: z.int().min(0).max(65_535).default(7946).register(KEY_FACTS, {
      description: 'The UDP port of the gossip; 0 takes any that is free.',
    }),
    key_file: absolutePath.optional().register(KEY_FACTS, {
      description:
        'A file with keys of 32 bytes in base64, one in a line: the first seals the gossip, all open it, so that a key can be changed while the cluster runs.',
      otherwise: 'a key that is made from the cluster key',
      example: '/etc/atelier/gossip.keys',
      right: ABSOLUTE_PATH,
    }),
  })
  .prefault({})

/** `[peer]`: TLS between nodes. */
export const peerTable = z
  .strictObject({
    port: z.int().min(1).max(65_535).optional().register(KEY_FACTS, {
      description:
        'The port at which this node answers the other nodes of a cluster by TLS; node.url is then https with this port.',
      otherwise: 'none: nodes reach each other at server.port, without TLS',
      example: 8788,
    }),
    certificate_file: absolutePath.optional().register(KEY_FACTS, {
      description:
        "The certificate that this node shows other nodes, in PEM; it names node.url's host.",
      otherwise: 'none',
      example: '/etc/atelier/node.pem',
      right: ABSOLUTE_PATH,
    }),
    key_file: absolutePath.optional().register(KEY_FACTS, {
      description: 'The key of that certificate, in PEM.',
      otherwise: 'none',
      example: '/etc/atelier/node.key',
      right: ABSOLUTE_PATH,
    }),
    ca_file: absolutePath.optional().register(KEY_FACTS, {
      description:
        'The certificates of those who sign the certificates of nodes, and of nodes alone, in PEM.',
      otherwise: 'none',
      example: '/etc/atelier/nodes-ca.pem',
      right: ABSOLUTE_PATH,
    }),
  })
  .prefault({})

/** `[routing]`: which way browsers come. */
export const routingTable = z
  .strictObject({
    mode: z.enum(['load-balancer', 'single-node']).default('load-balancer').register(KEY_FACTS, {
      description:
        'load-balancer: every node takes browsers, and a load balancer stands in front. single-node: one node takes browsers and reaches the sessions of the others; these lead browsers to it.',
    }),
    public_url: nodeUrl.optional().register(KEY_FACTS, {
      description: 'The address of the cluster for browsers.',
      otherwise: 'in single-node mode the URL of the node that takes browsers',
      example: 'https://workbench.example.com',
      right: A_URL,
    }),
    node: z.string().min(1).max(63).optional().register(KEY_FACTS, {
      description: 'The name of the node that takes browsers in single-node mode.',
      otherwise: 'the node that was the first in the cluster',
      example: 'node-1',
    }),
    direct: z.boolean().optional().register(KEY_FACTS, {
      description:
        "Whether a node answers browsers that use its own address; otherwise it leads them to the cluster's.",
      otherwise: 'true in load-balancer mode, false in single-node mode',
      example: true,
      right: 'true or false',
    }),
  })
  .prefault({})

/** `[placement]`: which node gets a new session. */
export const placementTable = z
  .strictObject({
    strategy: z
      .enum(['sessions', 'system-load', 'user-hash', 'random', 'custom'])
      .default('sessions')
      .register(KEY_FACTS, {
        description:
          'Which node gets a new session. sessions: the one with the fewest; system-load: the one with the least load per processor; user-hash: the same one for the same user; random; custom: what placement.program says.',
      }),
    program: absolutePath.optional().register(KEY_FACTS, {
      description:
        'The program that chooses a node: it is told ATELIER_USER and ATELIER_NODES (names with commas) by its environment, and prints one of the names.',
      otherwise: 'none; the strategy custom needs one',
      example: '/usr/local/bin/place-session',
      right: ABSOLUTE_PATH,
    }),
    timeout_seconds: z.number().positive().max(60).default(2).register(KEY_FACTS, {
      description:
        'How long that program may take; after that the session is placed by the strategy sessions.',
      unit: 'seconds',
    }),
  })
  .refine(({ strategy, program }) => strategy !== 'custom' || program !== undefined, {
    path: ['program'],
    error: 'is missing; the strategy custom needs the absolute path of a program that chooses',
    // Beside a mistake in another key, so that all are told at once.
    when: ({ issues }) => issues.every(({ path }) => path?.[0] === 'timeout_seconds'),
  })
  .prefault({})
