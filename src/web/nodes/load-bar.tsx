import type { ReactNode } from 'react'
import styles from './nodes.module.css'
import { loadBar } from './node-words.ts'

/** The load of a node, of 1 for each processor, as a bar and a number. */
export function LoadBar({ load }: { load: number }): ReactNode {
  const { share, isFull } = loadBar(load)
  return (
    <span className={styles['load']} title="Load of the last minute, of 1 for each processor">
      <span className={styles['bar']} aria-hidden>
        <span data-full={isFull} style={{ width: `${share * 100}%` }} />
      </span>
      {load.toFixed(2)}
    </span>
  )
}
