import {
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { JobView } from '../api/job-view.ts'
import { RequestKeys } from '../api/request-keys.ts'
import { useServices } from '../api/services.tsx'
import type { Items } from '../api/session-view.ts'
import type { JobBody, JobChanges } from '../new-job/job-draft.ts'
import { showProblem } from '../shell/show-problem.ts'
import type { ScheduleRules, ScheduleView } from './schedule-view.ts'

const KEY = ['schedules']
// Their next and last times change by themselves.
const READ_MS = 20_000
const RETRY_MS = 5000

/** What the API is sent for a schedule. */
export type ScheduleBody = ScheduleRules & { readonly request: JobBody }

/** What the API is sent to change one; what is left out stays. */
export type ScheduleChanges = Partial<ScheduleRules> & { readonly request?: JobChanges }

/** All schedules of the user, by name. */
export function useSchedules(): UseQueryResult<readonly ScheduleView[]> {
  const { api } = useServices()
  return useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => {
      const { items } = await api.request<Items<ScheduleView>>('GET', '/schedules', { signal })
      return items.toSorted((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id))
    },
    refetchInterval: ({ state }) => (state.status === 'error' ? RETRY_MS : READ_MS),
  })
}

/** Makes a schedule and shows the list of them; a failure is for the caller to tell. */
export function useCreateSchedule(
  onDone: () => void,
): UseMutationResult<ScheduleView, Error, ScheduleBody> {
  const { api } = useServices()
  const read = useRead()
  const [, navigate] = useLocation()
  const [keys] = useState(() => new RequestKeys())
  return useMutation({
    mutationFn: (body: ScheduleBody) =>
      api.request<ScheduleView>('POST', '/schedules', { body, idempotencyKey: keys.of(body) }),
    onSuccess: async () => {
      keys.done()
      await read()
      onDone()
      navigate('/schedules')
    },
  })
}

/** Changes a schedule; a failure is told here if nobody else does. */
export function useChangeSchedule({ quiet = false }: { quiet?: boolean } = {}): UseMutationResult<
  ScheduleView,
  Error,
  { readonly schedule: ScheduleView; readonly changes: ScheduleChanges }
> {
  const { api } = useServices()
  const read = useRead()
  return useMutation({
    mutationFn: ({
      schedule,
      changes,
    }: {
      readonly schedule: ScheduleView
      readonly changes: ScheduleChanges
    }) => api.request<ScheduleView>('PATCH', `/schedules/${schedule.id}`, { body: changes }),
    onSettled: read,
    onError: (error, { schedule }) => {
      if (!quiet) showProblem(`${schedule.name} could not be changed`, error)
    },
  })
}

/** Deletes a schedule; the jobs that it has started stay. */
export function useDeleteSchedule(
  onDone: () => void,
): UseMutationResult<null, Error, ScheduleView> {
  const { api } = useServices()
  const read = useRead()
  return useMutation({
    mutationFn: ({ id }: ScheduleView) => api.request<null>('DELETE', `/schedules/${id}`),
    onSuccess: async () => {
      onDone()
      await read()
    },
  })
}

/** Starts a job of a schedule now, and opens its page. */
export function useRunSchedule(): UseMutationResult<JobView, Error, ScheduleView> {
  const { api, jobs } = useServices()
  const read = useRead()
  const [, navigate] = useLocation()
  const [keys] = useState(() => new RequestKeys())
  return useMutation({
    mutationFn: ({ id }: ScheduleView) =>
      api.request<JobView>('POST', `/schedules/${id}/run`, { idempotencyKey: keys.of(id) }),
    onSuccess: async (job) => {
      keys.done()
      await jobs.apply(job)
      void read()
      navigate(`/jobs/${job.id}`)
    },
    onError: (error, { name }) => showProblem(`${name} could not be run`, error),
  })
}

function useRead(): () => Promise<void> {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: KEY })
}
