import type { NodeJson, NodeSessionJson } from '../../control/node-json.ts'

/** A node as the API shows it to administrators; times are ISO 8601, of the database's clock. */
export type NodeView = NodeJson

/** A session of a node, of any user. */
export type NodeSessionView = NodeSessionJson
