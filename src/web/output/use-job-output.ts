import { useDocumentVisibility } from '@mantine/hooks'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useServices } from '../api/services.tsx'
import { doublingPause, ReconnectingSource } from '../live/reconnecting-source.ts'
import { LineWindows, type WindowsState } from './line-windows.ts'
import type { LinesAnswer, OutputSize } from './output-line.ts'

const LOST_AFTER_MS = 3000
// After every byte that there may be: only how much there is is told, and lines are read where somebody looks.
const BEYOND = 999_999_999_999_999

/** A job's output, as it grows. */
export interface JobOutput {
  readonly windows: LineWindows
  readonly state: WindowsState
  /** True while nothing is told of what it prints, for three seconds at least. */
  readonly lost: boolean
}

/** The output of a job: its lines, and how many there are by now. */
export function useJobOutput(jobId: string): JobOutput {
  const { api } = useServices()
  const [windows] = useState(
    () =>
      new LineWindows({
        read: (from, count, signal) => {
          const query = `from=${from}&count=${count}`
          return api.request<LinesAnswer>('GET', `${pathOf(jobId)}/lines?${query}`, { signal })
        },
      }),
  )
  const state = useSyncExternalStore(windows.subscribe, windows.state)
  useEffect(() => {
    windows.want(0, 0)
    return () => windows.stop()
  }, [windows])
  const visible = useDocumentVisibility() === 'visible'
  // Not before the first lines are here: from there on it is told what is new.
  const follow = visible && state.size !== null && !state.size.complete
  return { windows, state, lost: useGrowth(jobId, windows, follow) }
}

/** The path of a job in the API. */
export function pathOf(jobId: string): string {
  return `/jobs/${encodeURIComponent(jobId)}`
}

function useGrowth(jobId: string, windows: LineWindows, follow: boolean): boolean {
  const [lost, setLost] = useState(false)
  useEffect(() => {
    if (!follow) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const source = new ReconnectingSource({
      open: () => new EventSource(`/api/v1${pathOf(jobId)}/output/events?from=${BEYOND}`),
      pause: (n) => doublingPause(n, Math.random()),
      onOpen: () => {
        clearTimeout(timer)
        timer = undefined
        setLost(false)
      },
      onLost: () => {
        timer ??= setTimeout(() => setLost(true), LOST_AFTER_MS)
      },
      events: {
        size: (data) => windows.grown(data as OutputSize),
        end: () => {
          source.stop()
          const { size } = windows.state()
          if (size !== null) windows.grown({ ...size, complete: true })
        },
      },
    })
    source.start()
    return () => {
      clearTimeout(timer)
      source.stop()
      setLost(false)
    }
  }, [jobId, windows, follow])
  return lost
}
