import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { encodeFrame, FrameDecoder } from '../launcher/frames.ts'
import { message, type Message, type Question } from './message.ts'
import type { RunningPlugin } from './running-plugin.ts'
import { CheckFailure } from './verdict.ts'

/** Milliseconds that the last words of a plugin which has ended may take to arrive. */
const LAST_WORDS = 1_000

/** Everything that is said between a check and one plugin; nothing that the plugin says is believed. */
export class Conversation {
  /** All that the plugin has said, in order. */
  readonly said: Message[] = []
  /** All requests by their ids. */
  readonly asked = new Map<number, Question>()
  readonly #plugin: RunningPlugin
  readonly #timeout: number
  readonly #answers = new Map<number, Message[]>()
  readonly #watchers = new Set<() => void>()
  #ending: string | undefined
  #nonsense: string | undefined
  #nextId = 1

  /** `timeout` is how long anything is waited for, in ms. */
  constructor({ plugin, timeout }: { plugin: RunningPlugin; timeout: number }) {
    this.#plugin = plugin
    this.#timeout = timeout
  }

  /** Begins to listen. */
  begin(): void {
    const listened = this.#listen()
    void this.#plugin.ended.then(async (how) => {
      // Jobs of a careless plugin may hold its output open.
      await Promise.race([listened, delay(LAST_WORDS, undefined, { ref: false })])
      this.#ending = how
      this.#tellWatchers()
    })
  }

  /** How the plugin ended; undefined while it runs. */
  get ending(): string | undefined {
    return this.#ending
  }

  /** Sends a request and answers its id. */
  send(question: Question): number {
    const { requestId, frame } = this.prepare(question)
    this.sendBytes(frame)
    return requestId
  }

  /** A request that is to be sent as bytes. */
  prepare(question: Question): { readonly requestId: number; readonly frame: Buffer } {
    const requestId = this.#nextId++
    this.asked.set(requestId, question)
    return { requestId, frame: encodeFrame({ ...question, requestId }) }
  }

  /** Sends a request that carries this id, as those do that close a stream. */
  sendAs(requestId: number, question: Question): void {
    this.sendBytes(encodeFrame({ ...question, requestId }))
  }

  /** Sends bytes as they are. */
  sendBytes(bytes: Buffer): void {
    this.#plugin.input.write(bytes)
  }

  /** What has been said so far in answer to a request. */
  answers(requestId: number): readonly Message[] {
    return this.#answers.get(requestId) ?? []
  }

  /** The first answer to a request. Throws CheckFailure if there is none in time. */
  async ask(question: Question, what: string): Promise<Message> {
    const requestId = this.send(question)
    return this.until(() => this.answers(requestId)[0], `an answer to ${what}`)
  }

  /** Waits until `find` answers something. Throws CheckFailure after the timeout or if the plugin ends before. */
  until<T>(find: () => T | undefined, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = (finish: () => void) => {
        clearTimeout(timer)
        this.#watchers.delete(look)
        finish()
      }
      const look = () => {
        try {
          const found = find()
          if (found !== undefined) return end(() => resolve(found))
        } catch (error) {
          return end(() => reject(asError(error)))
        }
        const broken = this.#nonsense ?? this.#ending
        if (broken === undefined) return
        end(() => reject(new CheckFailure(`While there should be ${what}: ${broken}`)))
      }
      const timer = setTimeout(() => {
        const seconds = this.#timeout / 1000
        end(() => reject(new CheckFailure(`There was not ${what} within ${seconds} s.`)))
      }, this.#timeout)
      this.#watchers.add(look)
      look()
    })
  }

  /** Ends the plugin's input, as a Launcher that ends. */
  hangUp(): void {
    this.#plugin.input.end()
  }

  /** Waits until the plugin has ended. Throws CheckFailure after the timeout. */
  async untilEnded(what: string): Promise<void> {
    await this.until(() => this.#ending, what)
  }

  /** Signals the plugin. */
  signal(name: 'SIGTERM' | 'SIGKILL'): void {
    this.#plugin.signal(name)
  }

  /** Ends the plugin whatever it does, and waits for that. */
  async kill(): Promise<void> {
    this.#plugin.signal('SIGKILL')
    await this.#plugin.ended
  }

  async #listen(): Promise<void> {
    const decoder = new FrameDecoder()
    try {
      for await (const chunk of this.#plugin.output) {
        for (const each of decoder.decode(chunk)) this.#receive(each)
        this.#tellWatchers()
      }
    } catch (error) {
      this.#nonsense = `it said what is not the protocol: ${asError(error).message}`
      this.#tellWatchers()
    }
  }

  #receive(content: unknown): void {
    const parsed = message.safeParse(content)
    if (!parsed.success) throw new Error(z.prettifyError(parsed.error))
    this.said.push(parsed.data)
    const { requestId, sequences } = parsed.data
    const ids = sequences?.length ? sequences.map((each) => each.requestId) : [requestId]
    for (const id of ids) {
      const before = this.#answers.get(id)
      if (before === undefined) this.#answers.set(id, [parsed.data])
      else before.push(parsed.data)
    }
  }

  #tellWatchers(): void {
    for (const look of this.#watchers) look()
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
