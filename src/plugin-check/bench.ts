import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { API_VERSION, REQUEST, RESPONSE } from '../launcher/protocol.ts'
import { Conversation } from './conversation.ts'
import { pluginFlags, type PluginFlags } from './flags.ts'
import { expect } from './verdict.ts'
import type { StartPlugin } from './running-plugin.ts'

/** How a plugin is checked. */
export interface BenchOptions {
  readonly start: StartPlugin
  /** The account that jobs are submitted for. */
  readonly user: string
  /** How long anything is waited for, in ms. */
  readonly timeout: number
  /** What the plugin is told beside its directories. */
  readonly flags: Omit<PluginFlags, 'scratchPath' | 'loggingDirectory'>
  /** The container image of all jobs, for plugins that need one. */
  readonly image?: string | undefined
}

/** Where plugins are started to be checked: each has its directories in a temporary one that goes away in the end. */
export class Bench {
  readonly user: string
  readonly timeout: number
  readonly pluginName: string
  readonly metricsInterval: number
  readonly image: string | undefined
  /** Marks the jobs of this run among others of the same resource manager. */
  readonly mark = `atelier-check-${crypto.randomUUID().slice(0, 8)}`
  readonly #options: BenchOptions
  readonly #root: string
  readonly #conversations: Conversation[] = []
  #shared: Conversation | undefined
  #places = 0

  constructor(options: BenchOptions) {
    this.#options = options
    this.user = options.user
    this.timeout = options.timeout
    this.pluginName = options.flags.pluginName
    this.metricsInterval = options.flags.metricsIntervalSeconds
    this.image = options.image
    this.#root = mkdtempSync(join(tmpdir(), 'atelier-check-'))
    // Jobs of other accounts must be able to pass through.
    chmodSync(this.#root, 0o711)
  }

  /** The plugin that most checks share; one that has ended is started again. Throws CheckFailure if that fails. */
  async plugin(): Promise<Conversation> {
    if (this.#shared === undefined || this.#shared.ending !== undefined) {
      this.#shared = await this.bootstrapped('shared')
    }
    return this.#shared
  }

  /** All that has been said with plugins that have been bootstrapped so far. */
  get conversations(): readonly Conversation[] {
    return this.#conversations
  }

  /** A name for directories that no other check uses. */
  newPlace(): string {
    return `own-${this.#places++}`
  }

  /** Starts a plugin with the directories of this name, and bootstraps it. Throws CheckFailure. */
  async bootstrapped(place: string): Promise<Conversation> {
    const plugin = this.started(place)
    const question = { messageType: REQUEST.bootstrap, version: API_VERSION }
    const answer = await plugin.ask(question, 'the bootstrap request')
    const said = JSON.stringify(answer)
    expect(answer.messageType === RESPONSE.bootstrap, `It does not bootstrap but says ${said}.`)
    return plugin
  }

  /** Starts a plugin with the directories of this name, and says nothing to it yet. */
  started(place: string): Conversation {
    const scratchPath = join(this.#root, place)
    const loggingDirectory = join(this.#root, `${place}-log`)
    for (const directory of [scratchPath, loggingDirectory]) {
      mkdirSync(directory, { recursive: true })
      chmodSync(directory, 0o711)
    }
    const flags = pluginFlags({ ...this.#options.flags, scratchPath, loggingDirectory })
    const conversation = new Conversation({
      plugin: this.#options.start(flags),
      timeout: this.timeout,
    })
    conversation.begin()
    this.#conversations.push(conversation)
    return conversation
  }

  /** Ends all plugins. */
  async killAll(): Promise<void> {
    await Promise.all(this.#conversations.map((each) => each.kill()))
  }

  /** Ends all plugins and removes their directories. */
  async close(): Promise<void> {
    await this.killAll()
    rmSync(this.#root, { recursive: true, force: true })
  }
}
