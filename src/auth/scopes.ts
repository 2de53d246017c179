/**
 * What a request may do: `read` looks, `sessions` starts, changes and stops them, `admin` makes and revokes tokens and looks
 * after the cluster.
 */
export const SCOPES = ['read', 'sessions', 'admin'] as const

/** A scope of the list `SCOPES`. */
export type Scope = (typeof SCOPES)[number]
