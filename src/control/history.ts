import { Readable } from 'node:stream'
import { z } from 'zod'
import {
  END_STATES,
  WORK_KINDS,
  type HistoryPlace,
  type HistoryQuery,
} from '../history/history-entry.ts'
import type { HistoryStore } from '../history/history-store.ts'
import { IDE_NAMES } from '../sessions/session.ts'
import type { Api } from './api.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { HISTORY_CSV_HEAD, historyCsv } from './history-csv.ts'
import { historyAnswer, historyJson, useAnswer, useJson } from './history-json.ts'
import { askedUser } from './others-sessions.ts'
import { queryInteger, queryList } from './query-fields.ts'

/** What the history needs. */
export interface HistoryParts {
  readonly history: Pick<HistoryStore, 'list' | 'use'>
}

const SORT = '-endedAt'
const CSV_PAGE = 1000
const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text))
const whose = z
  .string()
  .min(1)
  .max(256)
  .optional()
  .describe("For administrators: somebody else's, or `*` for everybody's.")

const listHistory = {
  id: 'listHistory',
  method: 'get',
  path: '/history',
  summary: 'Your sessions and jobs that have ended, the latest first, a page at a time',
  description: 'Administrators with the scope "admin" may list those of others.',
  query: {
    user: whose,
    kind: z.enum(WORK_KINDS).optional(),
    ide: z.enum(IDE_NAMES).optional().describe('Only sessions of this IDE.'),
    state: queryList(END_STATES).optional().describe('Only those that ended in one of these.'),
    from: moment.optional().describe('Only those that ended then or later.'),
    to: moment.optional().describe('Only those that ended before.'),
    limit: queryInteger(1, 200, 50).describe('How many at most.'),
    cursor: z.string().max(500).optional().describe('The `next` of the page before.'),
    format: z
      .enum(['json', 'csv'])
      .default('json')
      .describe('csv: all of them as a file for a spreadsheet, whatever limit and cursor.'),
  },
  errors: ['ADMINISTRATORS_ONLY'],
  answers: {
    200: {
      description: 'A page. `next` is the cursor of the next one, and null on the last.',
      headers: { 'Content-Disposition': 'The name of the file, for csv.' },
      body: z.object({ items: z.array(historyAnswer), next: z.string().nullable() }),
      texts: { 'text/csv': 'A line for each, after one with the names of the columns.' },
    },
  },
} as const

const getUse = {
  id: 'getUse',
  method: 'get',
  path: '/history/use',
  summary: 'How much you have used this month',
  description: 'Administrators with the scope "admin" may ask for others.',
  query: { user: whose.describe('For administrators: somebody else.') },
  errors: ['ADMINISTRATORS_ONLY'],
  answers: { 200: { description: 'Since the month began, by UTC.', body: useAnswer } },
} as const

/** What has ended, of whom, and how much somebody has used. */
export function historyRoutes(api: Api, { history }: HistoryParts): void {
  api.add('read', listHistory, async (request) => {
    const { user: wanted, state, from, to, limit, cursor, format, kind, ide } = request.query
    const user = askedUser(request, wanted)
    const query = { user, kind, ide, states: state, endedFrom: from, endedBefore: to }
    if (format === 'csv') {
      const headers = { 'Content-Disposition': 'attachment; filename="atelier-history.csv"' }
      const content = Readable.from(csvOf(history, query))
      return { status: 200, headers, text: { type: 'text/csv', content } }
    }
    const after = cursor === undefined ? undefined : placeOf(cursor)
    // One more tells whether there is another page.
    const found = await history.list({ ...query, after, limit: limit + 1 })
    const page = found.slice(0, limit)
    const last = found.length > limit ? page.at(-1)?.place : undefined
    const next =
      last === undefined
        ? null
        : writeCursor({ sort: SORT, time: last.endedAtMicros, id: last.run })
    return { status: 200, body: { items: page.map(({ entry }) => historyJson(entry)), next } }
  })

  api.add('read', getUse, async (request) => {
    const user = askedUser(request, request.query.user) ?? request.user
    const now = new Date()
    const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1))
    return { status: 200, body: useJson(await history.use(user, from), from, now) }
  })
}

function placeOf(cursor: string): HistoryPlace {
  const { time, id } = readCursor(cursor, SORT)
  return { endedAtMicros: time, run: id }
}

/** Page by page, so that a long history is never in memory as a whole. */
async function* csvOf(
  history: Pick<HistoryStore, 'list'>,
  query: Omit<HistoryQuery, 'limit' | 'after'>,
): AsyncGenerator<string> {
  yield HISTORY_CSV_HEAD
  let after: HistoryPlace | undefined
  do {
    const page = await history.list({ ...query, after, limit: CSV_PAGE })
    yield page.map(({ entry }) => historyCsv(historyJson(entry))).join('')
    after = page.length === CSV_PAGE ? page.at(-1)?.place : undefined
  } while (after !== undefined)
}
