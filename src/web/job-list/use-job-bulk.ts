import { useRef } from 'react'
import { RequestKeys } from '../api/request-keys.ts'
import type { JobView } from '../api/job-view.ts'
import { useMe } from '../api/queries.ts'
import { useServices } from '../api/services.tsx'
import type { Bulk } from '../list/bulk.ts'
import { computes, isMeant, JOB_ACTIONS, JOB_WORDS, type JobAction } from './job-bulk.ts'

/** What can be done with several jobs at once. */
export function useJobBulk(): Bulk<JobView, JobAction> {
  const { api, jobs } = useServices()
  const me = useMe().data?.user
  // A run that is asked for again, as its answer got lost or there was too much at once, is made once.
  const keys = useRef(new Map<string, RequestKeys>())
  return {
    noun: 'job',
    actions: JOB_ACTIONS,
    words: JOB_WORDS,
    labelOf: ({ name }) => name,
    isMeant: (action, job) => isMeant(action, job, me),
    computes,
    latest: (job) => jobs.known(job.id) ?? job,
    act: async (action, { id }) => {
      if (action !== 'again') {
        const body = { force: action === 'force' }
        await jobs.apply(await api.request<JobView>('POST', `/jobs/${id}/stop`, { body }))
        return
      }
      const own = keys.current.get(id) ?? new RequestKeys()
      keys.current.set(id, own)
      const idempotencyKey = own.of(id)
      const job = await api.request<JobView>('POST', `/jobs/${id}/run-again`, { idempotencyKey })
      own.done()
      await jobs.apply(job)
    },
  }
}
