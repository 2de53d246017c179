import type { ClusterRow, NewNode, NodeStore, Renewal } from '../nodes/node-store.ts'
import type { NodeRow } from '../nodes/cluster-node.ts'
import type { Database } from './connect.ts'
import { sendHint } from './hint.ts'
import { LEASED, NODE_COLUMNS, toNode, type NodeTableRow } from './node-row.ts'
import { storableText } from './storable-text.ts'

const LEASE = (place: string): string => `now() + ${place} * interval '1 millisecond'`

/** The tables of nodes and of their cluster; see NodeStore for what it promises. */
export class PostgresNodeStore implements NodeStore {
  readonly #database: Pick<Database, 'query'>

  constructor(options: { readonly database: Pick<Database, 'query'> }) {
    this.#database = options.database
  }

  async cluster(own: { keyFingerprint: string; protocol: number }): Promise<ClusterRow> {
    await this.#database.query(
      `insert into atelier.cluster (key_fingerprint, protocol) values ($1, $2) on conflict do nothing`,
      [own.keyFingerprint, own.protocol],
    )
    const [row] = await this.#database.query<ClusterRow>(
      `select id, key_fingerprint as "keyFingerprint", protocol, clock_timestamp() as now
       from atelier.cluster`,
    )
    if (row === undefined) throw new Error('the row of the cluster is missing')
    return row
  }

  async resetCluster(): Promise<boolean> {
    const rows = await this.#database.query(
      `delete from atelier.cluster
       where not exists (select from atelier.nodes where ${LEASED}) returning id`,
    )
    return rows.length > 0
  }

  async all(): Promise<readonly NodeRow[]> {
    const rows = await this.#database.query<NodeTableRow>(
      `select ${NODE_COLUMNS} from atelier.nodes order by name`,
    )
    return rows.map(toNode)
  }

  async register({ name, installation, bootId, url, gossipAddress, version, lease }: NewNode) {
    const values = [name, installation, bootId, url, gossipAddress, version]
    return this.#change(
      `insert into atelier.nodes
         (name, installation, boot_id, url, gossip_address, version, lease_until)
       values ($1, $2, $3, $4, $5, $6, ${LEASE('$7')})
       on conflict (name) do update set
         installation = excluded.installation, boot_id = excluded.boot_id, url = excluded.url,
         gossip_address = excluded.gossip_address, version = excluded.version,
         epoch = nodes.epoch + 1, started_at = now(), renewed_at = now(),
         lease_until = excluded.lease_until, left_at = null, lost_at = null,
         database_ms = null, listening = null
       where nodes.lease_until <= now() or nodes.left_at is not null
         or nodes.installation = excluded.installation
       returning ${NODE_COLUMNS}`,
      [...values.map((value) => (value === null ? null : storableText(value))), lease],
    )
  }

  async renew({ name, bootId, lease, ...told }: Renewal): Promise<NodeRow | undefined> {
    const { url = null, gossipAddress = null, databaseMs = null, listening = null } = told
    // No hint: it is renewed every few seconds.
    const [row] = await this.#database.query<NodeTableRow>(
      `update atelier.nodes set renewed_at = now(), lease_until = ${LEASE('$3')},
         lost_at = null, left_at = null, database_ms = $4, listening = $5,
         url = coalesce($6, url), gossip_address = coalesce($7, gossip_address)
       where name = $1 and boot_id = $2 returning ${NODE_COLUMNS}`,
      [storableText(name), bootId, lease, databaseMs, listening, url, gossipAddress],
    )
    return row && toNode(row)
  }

  async release({ name, bootId }: Pick<NodeRow, 'name' | 'bootId'>): Promise<void> {
    await this.#change(
      `update atelier.nodes set left_at = now()
       where name = $1 and boot_id = $2 returning ${NODE_COLUMNS}`,
      [storableText(name), bootId],
    )
  }

  async lose({ name, epoch }: Pick<NodeRow, 'name' | 'epoch'>): Promise<NodeRow | undefined> {
    return this.#change(
      `update atelier.nodes set epoch = epoch + 1, lost_at = now()
       where name = $1 and epoch = $2 and lease_until <= now() and lost_at is null
       returning ${NODE_COLUMNS}`,
      [storableText(name), epoch],
    )
  }

  async setDraining(name: string, draining: boolean): Promise<NodeRow | undefined> {
    return this.#change(
      `update atelier.nodes set draining = $2 where name = $1 returning ${NODE_COLUMNS}`,
      [storableText(name), draining],
    )
  }

  async remove(name: string): Promise<boolean> {
    const removed = await this.#change(
      `delete from atelier.nodes where name = $1 and not (${LEASED}) returning ${NODE_COLUMNS}`,
      [storableText(name)],
    )
    return removed !== undefined
  }

  async #change(sql: string, values: readonly unknown[]): Promise<NodeRow | undefined> {
    const [row] = await this.#database.query<NodeTableRow>(sql, values)
    if (row === undefined) return undefined
    sendHint(this.#database, { kind: 'node', id: row.name, version: row.epoch })
    return toNode(row)
  }
}
