import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { formatElapsed } from '../format/format-time.ts'
import { useMonth } from './use-history.ts'

/** What one has used this month, in a sentence. */
export function MonthUse(): ReactNode {
  const { data } = useMonth()
  if (data === undefined) return null
  const part = (count: number, what: string, seconds: number): string =>
    `${count} ${what}${count === 1 ? '' : 's'} for ${formatElapsed(seconds * 1000)} in all`
  const { sessions, jobs } = data
  return (
    <Text mb="md">
      This month you had {part(sessions.count, 'session', sessions.seconds)} and{' '}
      {part(jobs.count, 'job', jobs.seconds)}. They computed for{' '}
      {formatElapsed((sessions.cpuSeconds + jobs.cpuSeconds) * 1000)} of processor time, as far as
      it was measured.
    </Text>
  )
}
