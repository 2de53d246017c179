import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Processes } from './processes.ts'

/** Where a run of the benchmarks keeps its programs and files; `clear` leaves nothing of it behind. */
export class Workplace {
  readonly processes = new Processes()
  readonly directory = mkdtempSync(join(tmpdir(), 'atelier-bench-'))

  /** A new folder of its own for a part. */
  folder(name: string): string {
    const path = join(this.directory, name)
    mkdirSync(path, { recursive: true, mode: 0o755 })
    return path
  }

  /** Ends all programs and removes all files; waits for nothing, so that it can be the last act of a process. */
  clear(): void {
    this.processes.killAll(this.directory)
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** A TCP port on which nobody listens now, for programs that cannot choose one themselves. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no TCP address')
  return address.port
}
