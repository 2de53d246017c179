import { z } from 'zod'
import type { NewNotice } from '../notices/notice.ts'
import type { Notices } from '../notices/notices.ts'
import type { Api } from './api.ts'
import {
  noticeAnswer,
  noticeBody,
  noticeChanges,
  noticeJson,
  noticesAnswer,
} from './notice-json.ts'
import { requireAdministrator } from './others-sessions.ts'

/** What the notices need. */
export interface NoticeParts {
  readonly notices: Pick<
    Notices,
    'shown' | 'listNotices' | 'createNotice' | 'changeNotice' | 'removeNotice' | 'on' | 'off'
  >
}

const params = { id: z.string() }

const listNotices = {
  id: 'listNotices',
  method: 'get',
  path: '/notices',
  summary: 'What administrators tell everybody now, the worst first',
  query: {
    all: z
      .enum(['true', 'false'])
      .default('false')
      .describe('For administrators: also those of another time.'),
  },
  errors: ['ADMINISTRATORS_ONLY'],
  answers: { 200: { description: 'All of them.', body: noticesAnswer } },
} as const

const createNotice = {
  id: 'createNotice',
  administrators: true,
  method: 'post',
  path: '/notices',
  summary: 'Tell everybody something',
  body: noticeBody,
  answers: {
    201: { description: 'The notice, which open pages show at once.', body: noticeAnswer },
  },
} as const

const changeNotice = {
  id: 'changeNotice',
  administrators: true,
  method: 'patch',
  path: '/notices/{id}',
  summary: 'Change a notice; those who put it away see it again',
  params,
  body: noticeChanges,
  errors: ['NOTICE_NOT_FOUND'],
  answers: { 200: { description: 'The notice as it is now.', body: noticeAnswer } },
} as const

const deleteNotice = {
  id: 'deleteNotice',
  administrators: true,
  method: 'delete',
  path: '/notices/{id}',
  summary: 'Take a notice back',
  params,
  errors: ['NOTICE_NOT_FOUND'],
  answers: { 204: { description: 'Nobody sees it any more.' } },
} as const

/** What administrators tell everybody, and how they do that. */
export function noticeRoutes(api: Api, { notices }: NoticeParts): void {
  api.add('read', listNotices, async (request) => {
    if (request.query.all === 'true') requireAdministrator(request)
    const found = request.query.all === 'true' ? await notices.listNotices() : notices.shown()
    return { status: 200, body: { items: found.map(noticeJson) } }
  })

  api.add('admin', createNotice, async ({ user, body: { from, until, ...told } }) => {
    const notice = { ...told, beginsAt: from, endsAt: until }
    return { status: 201, body: noticeJson(await notices.createNotice(user, notice)) }
  })

  api.add(
    'admin',
    changeNotice,
    async ({ params, body: { text, severity, dismissible, ...times } }) => {
      const changes: Partial<NewNotice> = {
        ...(text !== undefined && { text }),
        ...(severity !== undefined && { severity }),
        ...(dismissible !== undefined && { dismissible }),
        ...(times.from !== undefined && { beginsAt: times.from }),
        ...(times.until !== undefined && { endsAt: times.until }),
      }
      return { status: 200, body: noticeJson(await notices.changeNotice(params.id, changes)) }
    },
  )

  api.add('admin', deleteNotice, async ({ params }) => {
    await notices.removeNotice(params.id)
    return { status: 204 }
  })
}
