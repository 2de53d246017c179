/** How much a notice matters. */
export const SEVERITIES = ['info', 'warning', 'critical'] as const

/** A severity of a notice. */
export type Severity = (typeof SEVERITIES)[number]

/** Something that administrators tell everybody who is signed in: plain text. */
export interface Notice {
  readonly id: string
  readonly text: string
  readonly severity: Severity
  /** From when on it is shown. */
  readonly beginsAt: Date
  /** Until when; null for as long as it is there. */
  readonly endsAt: Date | null
  /** True if everybody may put it away for themselves. */
  readonly dismissible: boolean
  readonly createdBy: string
  readonly createdAt: Date
  /** Grows by one with every change; whoever put it away sees a new version again. */
  readonly version: number
}

/** What an administrator says of a new notice. */
export type NewNotice = Pick<Notice, 'text' | 'severity' | 'endsAt' | 'dismissible'> & {
  /** Null for at once. */
  readonly beginsAt: Date | null
}

/** True if it is shown at this time, in ms since 1970. */
export function isShown(
  { beginsAt, endsAt }: Pick<Notice, 'beginsAt' | 'endsAt'>,
  now: number,
): boolean {
  return beginsAt.getTime() <= now && (endsAt === null || now < endsAt.getTime())
}

/** The worst first, of these the latest first. */
export function inOrder(notices: readonly Notice[]): readonly Notice[] {
  const rank = ({ severity }: Notice): number => SEVERITIES.indexOf(severity)
  return notices.toSorted(
    (a, b) =>
      rank(b) - rank(a) || b.beginsAt.getTime() - a.beginsAt.getTime() || (a.id < b.id ? -1 : 1),
  )
}
