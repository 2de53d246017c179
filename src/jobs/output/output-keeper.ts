import { setTimeout as delay } from 'node:timers/promises'
import { AtelierError } from '../../errors.ts'
import { isFinalStatus } from '../../launcher/job.ts'
import type { LauncherClusters } from '../../launcher/launcher.ts'
import type { Log } from '../../log.ts'
import type { OutputFiles } from './output-files.ts'
import { limitNotice, upTo } from './output-limit.ts'
import type { OutputStreamName } from './output-streams.ts'
import { OutputWriter } from './output-writer.ts'
import { SkipStored } from './skip-stored.ts'
import { TextPieces } from './text-pieces.ts'

/** Milliseconds until a stream that broke off is opened again. */
const AGAIN_MS = 500
/** Milliseconds until a write that failed, as on a full disk, is tried again. */
const WRITE_AGAIN_MS = 1000

/** What keeping the output of a job needs. */
export interface KeeperParts {
  /** The id of the Workbench job. */
  readonly id: string
  /** The id of its Launcher job. */
  readonly launcherJob: string
  readonly files: OutputFiles
  readonly launcher: Pick<LauncherClusters, 'get' | 'output'>
  /** How many bytes are kept; asked each time. */
  readonly limit: () => number
  readonly log: Log
}

/**
 * Follows what the Launcher tells that a job prints and stores it: from where the files end, over restarts of the Launcher
 * and of its plugins, and through times in which nothing can be written. What cannot be stored yet is not read further.
 */
export class OutputKeeper {
  readonly #parts: KeeperParts
  readonly #stopping = new AbortController()
  #writer: OutputWriter | undefined
  #keeping: Promise<void> | undefined
  #isComplete = false
  #isTroubled = false
  #taken = 0

  constructor(parts: KeeperParts) {
    this.#parts = parts
  }

  /** Bytes that are stored; 0 as long as that is not known. */
  get size(): number {
    return this.#writer?.size ?? 0
  }

  /** True once all is stored that the job has printed to its end, or as much as is kept of it. */
  get isComplete(): boolean {
    return this.#isComplete
  }

  /** Grows whenever something was told, also if that is stored already. */
  get taken(): number {
    return this.#taken
  }

  /** Begins to follow; resolves when all is stored, or after `stop`. */
  start(): Promise<void> {
    this.#keeping ??= this.#keep(this.#stopping.signal)
    return this.#keeping
  }

  /** Ends following; what was told is stored or will be told again. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#keeping
  }

  async #keep(signal: AbortSignal): Promise<void> {
    try {
      const writer = await this.#untilDone(() => OutputWriter.open(this.#parts.files), signal)
      this.#writer = writer
      try {
        while (!(await this.#isAllTold(writer, signal))) {
          await delay(AGAIN_MS, undefined, { signal })
        }
        this.#isComplete = true
      } finally {
        await writer.close()
      }
    } catch (error) {
      if (!signal.aborted) {
        this.#parts.log.error({ err: error, job: this.#parts.id }, 'the output of a job is lost')
      }
    }
  }

  /** Stores what is told until the stream ends or breaks off; true if nothing more is to come. */
  async #isAllTold(writer: OutputWriter, signal: AbortSignal): Promise<boolean> {
    const { launcher, launcherJob } = this.#parts
    // Leaving the loop alone would wait for the next piece.
    const left = new AbortController()
    try {
      const skip = new SkipStored(writer.stored)
      const text = new TextPieces()
      const until = AbortSignal.any([signal, left.signal])
      for await (const piece of launcher.output(launcherJob, until)) {
        this.#taken++
        const fresh = skip.take(piece.type, text.bytes(piece))
        if (await this.#isFull(writer, piece.type, fresh, signal)) return true
      }
      // A signal that aborts just ends the stream.
      signal.throwIfAborted()
      return true
    } catch (error) {
      signal.throwIfAborted()
      return this.#isGone(error)
    } finally {
      left.abort()
    }
  }

  /** Stores what is new; true if more is not kept of this job, which is said at the end. */
  async #isFull(
    writer: OutputWriter,
    stream: OutputStreamName,
    bytes: Buffer,
    signal: AbortSignal,
  ): Promise<boolean> {
    const limit = this.#parts.limit()
    const isOver = writer.stored.notice > 0
    const kept = isOver ? Buffer.alloc(0) : upTo(bytes, limit - writer.size)
    await this.#untilDone(() => writer.append(stream, kept), signal)
    if (kept.length === bytes.length && !isOver) return false
    // Of a crash in the middle of it the rest is left.
    const notice = limitNotice(limit).subarray(writer.stored.notice)
    await this.#untilDone(() => writer.append('notice', notice), signal)
    return true
  }

  /** Repeats what fails; that it does, and no longer does, is said once. */
  async #untilDone<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const { log, id } = this.#parts
    for (;;) {
      signal.throwIfAborted()
      try {
        const done = await work()
        if (this.#isTroubled) log.info({ job: id }, 'the output of a job is stored again')
        this.#isTroubled = false
        return done
      } catch (error) {
        if (!this.#isTroubled) {
          const text = 'the output of a job cannot be stored; this is tried again until it can'
          log.error({ err: error, job: id }, text)
        }
        this.#isTroubled = true
      }
      await delay(WRITE_AGAIN_MS, undefined, { signal })
    }
  }

  /** True if the Launcher has nothing to tell of this job any more, or never had and it has ended. */
  async #isGone(error: unknown): Promise<boolean> {
    const { launcher, launcherJob, log, id } = this.#parts
    log.debug({ err: error, job: id }, 'the output of a job is not told')
    if (!(error instanceof AtelierError) || error.code !== 'NOT_FOUND') return false
    try {
      const job = await launcher.get(launcherJob)
      return job === undefined || isFinalStatus(job.status)
    } catch {
      return false
    }
  }
}
