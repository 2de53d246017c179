/** The first descriptor that is handed over, by sd_listen_fds(3). */
const FIRST_DESCRIPTOR = 3

const VARIABLES = ['LISTEN_FDS', 'LISTEN_PID', 'LISTEN_FDNAMES', 'LISTEN_PIDFDID'] as const

/** A listening socket that was open when this process started. */
export interface InheritedSocket {
  readonly fd: number
}

/**
 * The socket that systemd has handed over to the process `pid`, if it did; the variables that tell of it are taken out of
 * `environment`, as they are not for our children. Throws as `inheritedSocket` does.
 */
export function takeInheritedSocket(
  environment: Record<string, string | undefined>,
  pid: number,
): InheritedSocket | undefined {
  try {
    return inheritedSocket(environment, pid)
  } finally {
    for (const name of VARIABLES) delete environment[name]
  }
}

/**
 * The socket that the environment tells of by sd_listen_fds(3); undefined if there is none, or it is for another process.
 * Throws when there are several, or what is told is no number.
 */
export function inheritedSocket(
  environment: Readonly<Record<string, string | undefined>>,
  pid: number,
): InheritedSocket | undefined {
  const { LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES } = environment
  if (LISTEN_PID === undefined || LISTEN_FDS === undefined) return undefined
  if (number('LISTEN_PID', LISTEN_PID) !== pid) return undefined
  const count = number('LISTEN_FDS', LISTEN_FDS)
  if (count === 0) return undefined
  if (count === 1) return { fd: FIRST_DESCRIPTOR }
  const names = LISTEN_FDNAMES === undefined ? '' : ` (${LISTEN_FDNAMES.split(':').join(', ')})`
  throw new Error(
    `${count} sockets are handed over${names}, and a node listens on one. Leave one ListenStream= in the socket unit.`,
  )
}

function number(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new Error(`${name} is no number: ${text}. It is set by systemd for a socket unit.`)
}
