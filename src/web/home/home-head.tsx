import { Title, VisuallyHidden } from '@mantine/core'
import type { ReactNode, RefObject } from 'react'
import { Link } from 'wouter'
import { isFinal } from '../../sessions/session.ts'
import { useSessions } from '../api/queries.ts'
import { useLivingCount } from '../job-list/use-job-list.ts'
import { useSchedules } from '../schedules/use-schedules.ts'
import styles from './home-head.module.css'

/** The parts of the home page. */
export type HomeSection = 'sessions' | 'jobs' | 'schedules'

/** What the parts are called. */
export const SECTION_TITLES: Readonly<Record<HomeSection, string>> = {
  sessions: 'Sessions',
  jobs: 'Jobs',
  schedules: 'Schedules',
}

/** The head of a part of the home page: the ways to the others, each with how much runs there, and what can be begun here. */
export function HomeHead({
  section,
  heading,
  children,
}: {
  section: HomeSection
  heading: RefObject<HTMLHeadingElement | null>
  children: ReactNode
}): ReactNode {
  const sessions = useSessions().data?.filter(({ state }) => !isFinal(state)).length
  const jobs = useLivingCount()
  const schedules = useSchedules().data?.filter(({ enabled }) => enabled).length
  return (
    <div className={styles['head']}>
      <Title order={1} ref={heading} tabIndex={-1} className={styles['title']}>
        {SECTION_TITLES[section]}
      </Title>
      <nav aria-label="Your work" className={styles['tabs']}>
        <Tab to="/" title="Sessions" isHere={section === 'sessions'}>
          <Count count={sessions} what="not ended" />
        </Tab>
        <Tab to="/jobs" title="Jobs" isHere={section === 'jobs'}>
          <Count count={jobs ?? undefined} what="running or waiting" />
        </Tab>
        <Tab to="/schedules" title="Schedules" isHere={section === 'schedules'}>
          <Count count={schedules} what="on" />
        </Tab>
      </nav>
      <div className={styles['actions']}>{children}</div>
    </div>
  )
}

function Tab({
  to,
  title,
  isHere,
  children,
}: {
  to: string
  title: string
  isHere: boolean
  children: ReactNode
}): ReactNode {
  return (
    <Link href={to} className={styles['tab'] ?? ''} {...(isHere && { 'aria-current': 'page' })}>
      {title}
      {children}
    </Link>
  )
}

function Count({ count, what }: { count: number | string | undefined; what: string }): ReactNode {
  if (count === undefined || count === 0 || count === '0') return null
  return (
    <span className={styles['count']} title={`${count} ${what}`}>
      {count}
      <VisuallyHidden> {what}</VisuallyHidden>
    </span>
  )
}
