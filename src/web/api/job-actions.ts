import { useMutation, type UseMutationResult } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { showProblem } from '../shell/show-problem.ts'
import type { JobView } from './job-view.ts'
import { RequestKeys } from './request-keys.ts'
import { useServices } from './services.tsx'

/** Stops a job, at once and without asking it when forced. */
export function useStopJob(): UseMutationResult<
  JobView,
  Error,
  { readonly job: JobView; readonly force?: boolean }
> {
  const { api, jobs } = useServices()
  return useMutation({
    mutationFn: ({ job, force = false }: { readonly job: JobView; readonly force?: boolean }) =>
      api.request<JobView>('POST', `/jobs/${job.id}/stop`, { body: { force } }),
    onSuccess: (job) => jobs.apply(job),
    onError: (error, { job }) => {
      showProblem(`${job.name} could not be stopped`, error)
      void jobs.refresh()
    },
  })
}

/** Runs the same again as a new job, and opens that one's page. */
export function useRunAgain(): UseMutationResult<JobView, Error, JobView> {
  const { api, jobs } = useServices()
  const [, navigate] = useLocation()
  const [keys] = useState(() => new RequestKeys())
  return useMutation({
    mutationFn: ({ id }: JobView) =>
      api.request<JobView>('POST', `/jobs/${id}/run-again`, { idempotencyKey: keys.of(id) }),
    onSuccess: async (job) => {
      keys.done()
      await jobs.apply(job)
      navigate(`/jobs/${job.id}`)
    },
    onError: (error, job) => showProblem(`${job.name} could not be run again`, error),
  })
}
