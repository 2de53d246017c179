import type { Page } from 'playwright-core'
import { until } from '../fixtures/until.ts'

/** A line of output that is in view. */
export interface SeenLine {
  /** Its number, from 1. */
  readonly number: number
  readonly text: string
}

/** Reads the output on the page of a job as a person does: what is in view. */
export class LogReader {
  readonly #page: Page

  constructor({ page }: { page: Page }) {
    this.#page = page
  }

  /** The region that is scrolled. */
  get region() {
    return this.#page.getByRole('region', { name: 'Output' })
  }

  /** The lines in view, once they are all here. */
  async lines(): Promise<readonly SeenLine[]> {
    await this.region.waitFor({ timeout: 90_000 })
    return until(async () => {
      const seen = await this.#page.evaluate<SeenLine[] | null>(SEEN)
      return seen !== null && seen.length > 0 ? seen : null
    })
  }

  /** Waits until the last line in view is this one, or has such a text. */
  async untilLast(wanted: number | RegExp): Promise<readonly SeenLine[]> {
    return this.#untilLine(-1, wanted)
  }

  /** Waits until the first line in view is this one, or has such a text. */
  async untilFirst(wanted: number | RegExp): Promise<readonly SeenLine[]> {
    return this.#untilLine(0, wanted)
  }

  /** How many rows the page has, in view or not. */
  async rows(): Promise<number> {
    return this.region.locator('[data-line]').count()
  }

  async #untilLine(at: number, wanted: number | RegExp): Promise<readonly SeenLine[]> {
    let seen: readonly SeenLine[] = []
    const isIt = (line: SeenLine | undefined): boolean => {
      if (line === undefined) return false
      return typeof wanted === 'number' ? line.number === wanted : wanted.test(line.text)
    }
    try {
      return await until(async () => {
        seen = await this.lines()
        return isIt(seen.at(at)) ? seen : null
      }, 90_000)
    } catch (error) {
      throw new Error(`not ${wanted}, but ${JSON.stringify(seen.at(at))}`, { cause: error })
    }
  }
}

// Run in the page, whose types these tests do not have; null while a line is being read.
const SEEN = `(() => {
  const log = document.querySelector('[role="region"][aria-label="Output"]')
  if (log === null) return null
  const view = log.getBoundingClientRect()
  const rows = [...log.querySelectorAll('[data-line]')].filter((row) => {
    const box = row.getBoundingClientRect()
    return box.bottom > view.top + 2 && box.top < view.bottom - 2
  })
  const seen = rows.map((row) => ({ number: Number(row.dataset.line), text: row.lastElementChild.textContent }))
  return seen.some(({ text }) => text === '…') ? null : seen
})()`
