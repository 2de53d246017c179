import { z } from 'zod'
import { SEVERITIES, type Notice } from '../notices/notice.ts'
import type { DeepReadonly } from './deep-readonly.ts'

const time = z.iso.datetime()
const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text))

const text = z
  .string()
  .trim()
  .min(1)
  .max(1000)
  .regex(/^(?:[^\p{Cs}\p{Cc}]|\n)*$/u, 'must not hold control characters')
  .describe('Plain text; it may have several lines.')

const given = {
  text,
  severity: z.enum(SEVERITIES),
  from: moment.nullable().describe('From when on it is shown; null is now.'),
  until: moment.nullable().describe('Until when; null is until it is deleted.'),
  dismissible: z.boolean().describe('Whether everybody may put it away for themselves.'),
}

/** What a notice is made of. */
export const noticeBody = z
  .strictObject({
    text,
    severity: given.severity.default('info'),
    from: given.from.default(null),
    until: given.until.default(null),
    dismissible: given.dismissible.default(true),
  })
  .meta({ id: 'NewNotice', description: 'What a notice is made of.' })

/** What changes in a notice. */
export const noticeChanges = z
  .strictObject(given)
  .partial()
  .meta({ id: 'NoticeChanges', description: 'What changes in a notice.' })

/** A notice as the API answers it. */
export const noticeAnswer = z
  .object({
    id: z.string(),
    text: z.string().describe('Plain text.'),
    severity: z.enum(SEVERITIES),
    from: time.describe('From when on it is shown.'),
    until: time.nullable().describe('Until when; null is until it is deleted.'),
    dismissible: z.boolean().describe('Whether everybody may put it away for themselves.'),
    createdBy: z.string(),
    createdAt: time,
    version: z.int().describe('Grows with every change.'),
  })
  .meta({ id: 'Notice', description: 'What administrators tell everybody.' })

/** Notices, the worst first. */
export const noticesAnswer = z.object({ items: z.array(noticeAnswer) })

/** A notice as the API answers it. */
export type NoticeJson = DeepReadonly<z.input<typeof noticeAnswer>>

/** The notice's answer; see `noticeAnswer`. */
export function noticeJson({ beginsAt, endsAt, createdAt, ...told }: Notice): NoticeJson {
  return {
    ...told,
    from: beginsAt.toISOString(),
    until: endsAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  }
}
