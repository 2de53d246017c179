import { execFile } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PLUGIN_ERROR, PluginError } from '../../launcher/plugin-error.ts'
import { MAX_SOCKET_PATH_BYTES } from '../../launcher/unix-socket.ts'
import type { Account } from '../../accounts.ts'

/** Whom a directory is for: its account, and another group that may pass through it to what listens there. */
export type Owner = Pick<Account, 'uid' | 'gid'> & { readonly serverGid: number | undefined }

/** What is made there belongs to the group too (setgid), which may pass and not look; a session says what it may use. */
const FOR_A_GROUP = 0o2710

/** Whoever goes on making files there could keep it busy for ever. */
const LIMIT = { timeout: 5_000, killSignal: 'SIGKILL' } as const

/**
 * Where jobs listen: a directory for each running job, `<root>/<id>/`, that only its account and the server's group may
 * enter. They are not below the jobs' own directories, since accounts may not pass through those.
 */
export class PrivateDirectories {
  readonly #root: string

  constructor({ root }: { root: string }) {
    this.#root = root
  }

  /** Makes the root, through which every account may pass. */
  prepare(): void {
    mkdirSync(this.#root, { recursive: true, mode: 0o711 })
  }

  /** The ids of the jobs that have a directory. */
  list(): string[] {
    return readdirSync(this.#root)
  }

  /** The job's directory, whether or not it is there. */
  path(id: string): string {
    return join(this.#root, id)
  }

  /** Where the job listens. */
  socket(id: string): string {
    return join(this.#root, id, 'ide.sock')
  }

  /** Makes the directory and gives it to `owner`. Throws PluginError if the path leaves no room for a socket. */
  create(id: string, owner: Owner | null): void {
    const bytes = Buffer.byteLength(this.socket(id))
    if (bytes > MAX_SOCKET_PATH_BYTES) {
      const message = `The path of the session's socket has ${bytes} bytes, more than ${MAX_SOCKET_PATH_BYTES}. The operator must choose a shorter data directory.`
      throw new PluginError(PLUGIN_ERROR.invalidRequest, message)
    }
    mkdirSync(this.path(id), { mode: 0o700 })
    if (owner === null) return
    chownSync(this.path(id), owner.uid, owner.serverGid ?? owner.gid)
    // After the chown, which may take it away.
    if (owner.serverGid !== undefined) chmodSync(this.path(id), FOR_A_GROUP)
  }

  /** Removes the directory. By rm(1): unlike node:fs it cannot be led astray by links that its owner puts in its way. Throws if that takes more than 5 s. */
  async remove(id: string): Promise<void> {
    await promisify(execFile)('rm', ['-rf', '--', this.path(id)], LIMIT)
  }
}
