import type { JobListQuery } from '../jobs/job-store.ts'
import { storableText } from './storable-text.ts'

/** A statement with its values. */
export interface Statement {
  readonly sql: string
  readonly values: readonly unknown[]
}

/** The statement that lists the jobs which a query asks for, the latest first. */
export function jobListStatement(query: JobListQuery): Statement {
  const values: unknown[] = []
  const place = (value: unknown) => `$${values.push(storable(value))}`
  const equal = (column: string, value: string | undefined) =>
    value === undefined ? [] : [`${column} = ${place(value)}`]
  const conditions = [
    ...equal('user_name', query.user),
    ...equal('cluster', query.cluster),
    ...equal('node', query.node),
    ...equal('schedule', query.schedule),
    ...(query.states === undefined ? [] : [`state = any(${place(query.states)})`]),
    ...(query.text === undefined ? [] : [holdsText(place(query.text.toLowerCase()))]),
    ...(query.createdFrom === undefined ? [] : [`created_at >= ${place(query.createdFrom)}`]),
    ...(query.createdBefore === undefined ? [] : [`created_at < ${place(query.createdBefore)}`]),
    ...(query.after === undefined
      ? []
      : [
          `(created_at, id) < (${place(query.after.createdAt)}::timestamptz, ${place(query.after.id)})`,
        ]),
  ]
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')} `
  const sql = `select * from atelier.jobs ${where}order by created_at desc, id desc limit ${place(query.limit)}`
  return { sql, values }
}

function holdsText(place: string): string {
  const columns = ['name', 'id', `coalesce(script, '')`, `coalesce(command, '')`]
  return `(${columns.map((column) => `strpos(lower(${column}), ${place}) > 0`).join(' or ')})`
}

function storable(value: unknown): unknown {
  return typeof value === 'string' ? storableText(value) : value
}
