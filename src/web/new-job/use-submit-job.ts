import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { JobView } from '../api/job-view.ts'
import { RequestKeys } from '../api/request-keys.ts'
import { useServices } from '../api/services.tsx'
import type { JobBody } from './job-draft.ts'

/** Submits a job and opens its page; a failure is for the caller to tell. */
export function useSubmitJob(): UseMutationResult<JobView, Error, JobBody> {
  const { api, jobs } = useServices()
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const [keys] = useState(() => new RequestKeys())
  return useMutation({
    // What is sent may hold secrets, and is not needed any more.
    gcTime: 0,
    mutationFn: (body: JobBody) =>
      api.request<JobView>('POST', '/jobs', { body, idempotencyKey: keys.of(body) }),
    onSuccess: async (job) => {
      keys.done()
      void queries.invalidateQueries({ queryKey: ['job-choices'] })
      await jobs.apply(job)
      navigate(`/jobs/${job.id}`)
    },
  })
}
