import { ConfigError, type Config } from '../config.ts'
import { planReload } from './reload.ts'

/** What a reload has done, for a log or a terminal. */
export interface ReloadReport {
  readonly level: 'info' | 'warn' | 'error'
  readonly text: string
  /** The keys, or the mistakes, that the text is about. */
  readonly about: readonly string[]
}

/** The configuration in force, which changes when it is reloaded: whoever wants to follow it asks anew or listens. */
export class LiveConfig {
  readonly #listeners: ((config: Config) => void)[] = []
  readonly #readers: ((config: Config) => void)[] = []
  #config: Config

  constructor(config: Config) {
    this.#config = config
  }

  /** The configuration that holds now. */
  get config(): Config {
    return this.#config
  }

  /** Calls `listener` with the configuration after each reload that changes something. */
  onChange(listener: (config: Config) => void): void {
    this.#listeners.push(listener)
  }

  /** Calls `listener` after each reload, also of one that changes nothing: what the configuration names may have changed. */
  onReload(listener: (config: Config) => void): void {
    this.#readers.push(listener)
  }

  /**
   * Takes over what can change of the configuration that `read` gives, and answers what came of it. When that throws
   * ConfigError, the present one stays in force.
   */
  reload(read: () => Config): readonly ReloadReport[] {
    try {
      const { config, changed, needRestart } = planReload(this.#config, read())
      this.#config = config
      if (changed.length > 0) for (const listener of this.#listeners) listener(config)
      for (const listener of this.#readers) listener(config)
      const reports: ReloadReport[] = [
        { level: 'info', text: 'The configuration was read again; changed', about: changed },
      ]
      const text = 'Changed, but in force only after a restart'
      if (needRestart.length > 0) reports.push({ level: 'warn', text, about: needRestart })
      return reports
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      const text = 'The configuration is wrong, and the last good one stays in force'
      return [{ level: 'error', text, about: error.problems }]
    }
  }
}
