import { once } from 'node:events'
import { kill } from 'node:process'
import type { Readable } from 'node:stream'
import { execa } from 'execa'
import type { Member } from '../../cluster/index.ts'
import { systemCode } from '../errors.ts'
import { placementEnvironment, printable, readChoice } from './placement-choice.ts'

const MOST_OUTPUT = 64 * 1024

/** A program of the administrator that chooses the node for a new session. */
export class PlacementProgram {
  readonly #program: string
  readonly #timeout: number

  constructor(options: {
    /** Its absolute path. */
    readonly program: string
    /** How long it may take, in ms. */
    readonly timeout: number
  }) {
    this.#program = options.program
    this.#timeout = options.timeout
  }

  /**
   * Answers the name of the candidate that the program prints. Throws an Error whose printable message says what was wrong
   * with it or with what it printed. Afterwards nothing of the program's process group runs any more.
   */
  async choose(user: string, candidates: readonly Member[]): Promise<string> {
    return readChoice(await this.#run(placementEnvironment(user, candidates)), candidates)
  }

  async #run(environment: Readonly<Record<string, string>>): Promise<string> {
    const child = execa(this.#program, [], {
      cwd: '/',
      env: environment,
      extendEnv: false,
      stdin: 'ignore',
      // A group of its own, which is killed as a whole.
      detached: true,
      buffer: false,
      reject: false,
    })
    let exited = false
    // What it leaves behind would hold its output open, and we would wait for the end of that.
    child.once('exit', () => {
      exited = true
      killGroup(child.pid)
    })
    const stopped = new AbortController()
    const stop = (problem: string) => {
      // Once it has ended its number may become another's.
      if (!exited) killGroup(child.pid)
      // Whoever has left the group, or cannot be killed, may still hold the other ends.
      child.stdout.destroy()
      child.stderr.destroy()
      stopped.abort(new Error(problem))
    }
    const tooMuch = () => stop('wrote more than 64 KiB')
    const output = collect(child.stdout, tooMuch)
    const complaints = collect(child.stderr, tooMuch)
    const late = () => stop(`took longer than ${this.#timeout / 1000} s`)
    const timer = setTimeout(late, this.#timeout)
    await Promise.race([child, once(stopped.signal, 'abort')])
    clearTimeout(timer)
    stopped.signal.throwIfAborted()
    const { exitCode, signal, failed, code } = await child
    if (exitCode === undefined && signal === undefined) {
      throw new Error(`cannot be run (${code ?? 'unknown'})`)
    }
    if (failed) throw new Error(`ended with ${exitCode ?? signal}${lastLine(complaints())}`)
    return output()
  }
}

/** Keeps what the stream brings; the answer tells it. Beyond the limit `tooMuch` is called. */
function collect(stream: Readable, tooMuch: () => void): () => string {
  const chunks: Buffer[] = []
  let size = 0
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > MOST_OUTPUT) tooMuch()
    else chunks.push(chunk)
  })
  return () => Buffer.concat(chunks).toString()
}

function lastLine(stderr: string): string {
  const line = stderr.trimEnd().split('\n').at(-1)
  return line === undefined || line === '' ? '' : `: ${printable(line)}`
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    kill(-pid, 'SIGKILL')
  } catch (error) {
    // One that took another account's rights cannot be killed; nor can what is gone.
    if (!['ESRCH', 'EPERM'].includes(systemCode(error) ?? '')) throw error
  }
}
