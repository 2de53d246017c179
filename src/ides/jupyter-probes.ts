import { z } from 'zod'
import { AtelierError } from '../errors.ts'
import type { Probe } from './ide.ts'

/** A terminal that wrote or read something within this time, in ms, counts as at work. */
const TERMINAL_BUSY_MS = 60_000

/** Cookies of Jupyter's pages: against forged requests, and for who has signed in. */
export const JUPYTER_COOKIES = /^(?:_xsrf$|username-)/

const kernelsSchema = z.array(z.object({ execution_state: z.string().optional() }))
const terminalsSchema = z.array(
  z.object({ last_activity: z.iso.datetime({ offset: true }).optional() }),
)

/** True once Jupyter answers its status; false while it does not answer at all. */
export async function jupyterReady(probe: Probe, prefix: string, signal: AbortSignal) {
  try {
    return (await probe(`${prefix}/api/status`, signal)).status === 200
  } catch {
    signal.throwIfAborted()
    return false
  }
}

/**
 * True while a kernel computes, or a terminal had input or output within the last minute. A program that works
 * silently in a terminal is not seen. Throws IDE_UNREACHABLE when the server does not tell.
 */
export async function jupyterBusy(probe: Probe, prefix: string, signal: AbortSignal) {
  const kernels = await probe(`${prefix}/api/kernels`, signal)
  const terminals = await probe(`${prefix}/api/terminals`, signal)
  if (kernels.status !== 200) throw new AtelierError('IDE_UNREACHABLE')
  // 404: the server runs without terminals.
  return isComputing(kernels.body, terminals.status === 200 ? terminals.body : '[]', Date.now())
}

/** Decides `jupyterBusy` from the two JSON bodies; `now` in ms. Throws IDE_UNREACHABLE if they are something else. */
export function isComputing(kernels: string, terminals: string, now: number): boolean {
  try {
    return (
      kernelsSchema
        .parse(JSON.parse(kernels))
        .some((kernel) => kernel.execution_state === 'busy') ||
      terminalsSchema
        .parse(JSON.parse(terminals))
        .some(
          ({ last_activity: at }) => at !== undefined && now - Date.parse(at) < TERMINAL_BUSY_MS,
        )
    )
  } catch (cause) {
    throw new AtelierError('IDE_UNREACHABLE', undefined, { cause })
  }
}
