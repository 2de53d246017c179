import type { Log } from '../log.ts'
import type { Task } from './task.ts'

/** Activates tasks by hint and by timer, one activation of a task at a time; a hint during one causes one more. */
export class TaskDriver {
  readonly #tasks = new Map<string, Running>()
  readonly #log: Log
  readonly #stopping = new AbortController()

  constructor({ tasks, log }: { tasks: readonly Task[]; log: Log }) {
    this.#log = log
    for (const task of tasks) {
      this.#tasks.set(task.name, { task, active: undefined, again: false, timer: undefined })
    }
  }

  /** Activates every task now, and from now on by its period. */
  start(): void {
    for (const name of this.#tasks.keys()) this.hint(name)
  }

  /** Activates this task as soon as it can be. */
  hint(name: string): void {
    const running = this.#tasks.get(name)
    if (running === undefined) throw new Error(`there is no task ${name}`)
    if (running.active) running.again = true
    else if (!this.#stopping.signal.aborted) running.active = this.#run(running)
  }

  /** Activates nothing more, cancels what runs, and resolves when it has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    for (const { timer } of this.#tasks.values()) clearTimeout(timer)
    for (const { active } of this.#tasks.values()) await active
  }

  async #run(running: Running): Promise<void> {
    const { signal } = this.#stopping
    clearTimeout(running.timer)
    do {
      running.again = false
      try {
        await running.task.activate(signal)
      } catch (error) {
        if (!signal.aborted) this.#log.warn({ err: error, task: running.task.name }, 'task failed')
      }
    } while (running.again && !signal.aborted)
    running.active = undefined
    if (signal.aborted) return
    running.timer = setTimeout(() => this.hint(running.task.name), running.task.period)
    running.timer.unref()
  }
}

interface Running {
  readonly task: Task
  active: Promise<void> | undefined
  again: boolean
  timer: NodeJS.Timeout | undefined
}
