import { z } from 'zod'
import { AtelierError } from '../errors.ts'
import type { Probe } from './ide.ts'

/** Cookies of Jupyter's pages: against forged requests, and for who has signed in. */
export const JUPYTER_COOKIES = /^(?:_xsrf$|username-)/

const kernelsSchema = z.array(z.object({ execution_state: z.string().optional() }))
/** True once Jupyter answers its status; false while it does not answer at all. */
export async function jupyterReady(probe: Probe, prefix: string, signal: AbortSignal) {
  try {
    return (await probe(`${prefix}/api/status`, signal)).status === 200
  } catch {
    signal.throwIfAborted()
    return false
  }
}

/** True while a kernel computes. Throws IDE_UNREACHABLE when the server does not tell. */
export async function jupyterBusy(probe: Probe, prefix: string, signal: AbortSignal) {
  const { status, body } = await probe(`${prefix}/api/kernels`, signal)
  if (status !== 200) throw new AtelierError('IDE_UNREACHABLE')
  return isComputing(body)
}

/** Decides `jupyterBusy` from the JSON body. Throws IDE_UNREACHABLE if it is something else. */
export function isComputing(kernels: string): boolean {
  try {
    return kernelsSchema
      .parse(JSON.parse(kernels))
      .some(({ execution_state: state }) => state === 'busy')
  } catch (cause) {
    throw new AtelierError('IDE_UNREACHABLE', undefined, { cause })
  }
}
