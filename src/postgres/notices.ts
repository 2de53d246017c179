import type { NewNotice, Notice } from '../notices/notice.ts'
import type { NoticeStore } from '../notices/notice-store.ts'
import type { Database } from './connect.ts'
import { sendHint } from './hint.ts'
import { storableText } from './storable-text.ts'

type NoticeRow = {
  readonly id: string
  readonly text: string
  readonly severity: Notice['severity']
  readonly begins_at: Date
  readonly ends_at: Date | null
  readonly dismissible: boolean
  readonly created_by: string
  readonly created_at: Date
  readonly version: number
}

/** The notices table; see NoticeStore for what it promises. */
export class PostgresNotices implements NoticeStore {
  readonly #database: Pick<Database, 'query'>

  constructor({ database }: { readonly database: Pick<Database, 'query'> }) {
    this.#database = database
  }

  /** By the database's clock, and for some minutes longer: clocks of nodes may differ. */
  async current(): Promise<readonly Notice[]> {
    const rows = await this.#database.query<NoticeRow>(
      `select * from atelier.notices where ends_at is null or ends_at > now() - interval '5 minutes'`,
    )
    return rows.map(toNotice)
  }

  /** Every row there is. */
  async all(): Promise<readonly Notice[]> {
    return (await this.#database.query<NoticeRow>('select * from atelier.notices')).map(toNotice)
  }

  /** Throws if the id is taken. */
  async insert(id: string, by: string, notice: NewNotice): Promise<Notice> {
    const { text, severity, beginsAt, endsAt, dismissible } = notice
    const rows = await this.#database.query<NoticeRow>(
      `insert into atelier.notices (id, created_by, text, severity, begins_at, ends_at, dismissible)
       values ($1, $2, $3, $4, coalesce($5, now()), $6, $7) returning *`,
      [id, storableText(by), storableText(text), severity, beginsAt, endsAt, dismissible],
    )
    const [row] = rows
    if (row === undefined) throw new Error('an insert answered no row')
    sendHint(this.#database, { kind: 'notice', id })
    return toNotice(row)
  }

  /** In one statement; what is not named stays. */
  async update(id: string, changes: Partial<NewNotice>): Promise<Notice | undefined> {
    const values: unknown[] = [storableText(id)]
    const parts = ['version = version + 1']
    const set = (column: string, value: unknown, sql = (place: string) => place): void => {
      if (value !== undefined) parts.push(`${column} = ${sql(`$${values.push(value)}`)}`)
    }
    set('text', changes.text === undefined ? undefined : storableText(changes.text))
    set('severity', changes.severity)
    set('begins_at', changes.beginsAt, (place) => `coalesce(${place}, now())`)
    set('ends_at', changes.endsAt)
    set('dismissible', changes.dismissible)
    const [row] = await this.#database.query<NoticeRow>(
      `update atelier.notices set ${parts.join(', ')} where id = $1 returning *`,
      values,
    )
    if (row !== undefined) sendHint(this.#database, { kind: 'notice', id })
    return row && toNotice(row)
  }

  /** At once and for good. */
  async remove(id: string): Promise<boolean> {
    const gone = await this.#database.query(
      'delete from atelier.notices where id = $1 returning id',
      [storableText(id)],
    )
    if (gone.length > 0) sendHint(this.#database, { kind: 'notice', id })
    return gone.length > 0
  }
}

function toNotice(row: NoticeRow): Notice {
  return {
    id: row.id,
    text: row.text,
    severity: row.severity,
    beginsAt: row.begins_at,
    endsAt: row.ends_at,
    dismissible: row.dismissible,
    createdBy: row.created_by,
    createdAt: row.created_at,
    version: row.version,
  }
}
