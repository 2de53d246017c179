/**
 * What a request may do: `read` looks, `sessions` starts, changes and stops them, `jobs` runs and stops jobs and schedules
 * them, `admin` makes and revokes tokens and looks after the cluster.
 */
export const SCOPES = ['read', 'sessions', 'jobs', 'admin'] as const

/** A scope of the list `SCOPES`. */
export type Scope = (typeof SCOPES)[number]
