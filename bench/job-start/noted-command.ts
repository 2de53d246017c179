import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Workplace } from '../workplace.ts'

/** A command that notes when it began, and then waits to be killed. */
export interface NotedCommand {
  readonly script: string
  /** When it began, in milliseconds since 1970. Throws after half a minute. */
  began(): Promise<number>
}

/** Commands that note in a folder of their own, into which every account may write. */
export class NotedCommands {
  readonly #folder: string
  #count = 0

  constructor({ workplace }: { workplace: Workplace }) {
    this.#folder = workplace.folder('began')
    chmodSync(workplace.directory, 0o755)
    chmodSync(this.#folder, 0o777)
  }

  /** Another one. */
  next(): NotedCommand {
    const file = join(this.#folder, String(this.#count++))
    return {
      script: `date +%s%N > '${file}.new' && mv '${file}.new' '${file}'; exec sleep 3600`,
      began: () => began(file),
    }
  }
}

async function began(file: string): Promise<number> {
  for (const begin = performance.now(); performance.now() - begin < 30_000; await delay(5)) {
    const text = readOr(file)
    if (text !== '') return Number(text) / 1e6
  }
  throw new Error('a command has not begun within half a minute')
}

function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
