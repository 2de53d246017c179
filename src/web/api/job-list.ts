import type { JobView } from './job-view.ts'
import type { Page } from './session-view.ts'

/** The newer of two views of one job; of equal versions the second, whose usage is fresher. */
export function newerJob(known: JobView | undefined, told: JobView): JobView {
  return known !== undefined && known.version > told.version ? known : told
}

/** True if one of the pages has the job. */
export function pagesHave(pages: readonly Page<JobView>[], id: string): boolean {
  return pages.some(({ items }) => items.some((job) => job.id === id))
}

/** The pages with what is new of the job, where they have it; the other pages are the same objects. */
export function withJob(pages: readonly Page<JobView>[], job: JobView): readonly Page<JobView>[] {
  return pages.map((page) => {
    if (!pagesHave([page], job.id)) return page
    const items = page.items.map((known) => (known.id === job.id ? newerJob(known, job) : known))
    return { ...page, items }
  })
}
