import type { ReactNode } from 'react'
import { JobsSection } from '../job-list/jobs-section.tsx'
import { Projects } from '../projects/projects.tsx'
import { SchedulesSection } from '../schedules/schedules-section.tsx'
import type { HomeSection } from './home-head.tsx'
import { SessionsSection } from './sessions-section.tsx'

/** The home page: sessions, jobs or schedules; each has an address of its own. */
export function HomePage({ section }: { section: HomeSection }): ReactNode {
  return (
    <>
      {section === 'sessions' && (
        <>
          <SessionsSection />
          <Projects />
        </>
      )}
      {section === 'jobs' && <JobsSection />}
      {section === 'schedules' && <SchedulesSection />}
    </>
  )
}
