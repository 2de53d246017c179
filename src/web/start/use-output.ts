import { useEffect, useState } from 'react'
import { doublingPause, ReconnectingSource } from '../live/reconnecting-source.ts'
import { NO_OUTPUT, withOutput, type OutputText } from './output-text.ts'

const RENDER_EVERY_MS = 150
const MAX_PENDING = 1_000_000

/** The output of a session's IDE while `follow` is true; what has come stays when it is not. */
export function useOutput(sessionId: string, follow: boolean): OutputText {
  const [output, setOutput] = useState(NO_OUTPUT)

  useEffect(() => {
    if (!follow) return undefined
    let pending: string[] = []
    let pendingLength = 0
    let again = true
    let timer: ReturnType<typeof setTimeout> | undefined

    // Rendered in batches: a flood of output must not keep the page from answering.
    const render = (): void => {
      timer = undefined
      const [chunk, fresh] = [pending.join(''), again]
      pending = []
      pendingLength = 0
      again = false
      setOutput((known) => withOutput(fresh ? NO_OUTPUT : known, chunk))
    }
    const add = (data: unknown): void => {
      const chunk = (data as { output?: unknown } | null)?.output
      if (typeof chunk !== 'string') return
      pending.push(chunk)
      pendingLength += chunk.length
      while (pendingLength > MAX_PENDING && pending.length > 1) {
        pendingLength -= pending.shift()?.length ?? 0
      }
      timer ??= setTimeout(render, RENDER_EVERY_MS)
    }
    const source = new ReconnectingSource({
      open: () => new EventSource(`/api/v1/sessions/${encodeURIComponent(sessionId)}/output`),
      pause: (n) => doublingPause(n, Math.random()),
      // Each connection tells the output from its beginning.
      onOpen: () => {
        again = true
      },
      onLost: () => undefined,
      events: { message: add, end: () => source.stop() },
    })
    source.start()
    return () => {
      source.stop()
      clearTimeout(timer)
      if (pending.length > 0) render()
    }
  }, [sessionId, follow])

  return output
}
