import { memo, type CSSProperties, type ReactNode } from 'react'
import ansi from './ansi.module.css'
import { spansOf } from './ansi-spans.ts'
import type { ShownLine } from './line-chunk.ts'
import { markMatches, type MarkedSpan } from './mark-matches.ts'
import styles from './output.module.css'

/** What is searched for in the lines that are shown. */
export interface Marks {
  readonly text: string
  readonly matchCase: boolean
}

/** One line of output with its number; undefined while it is being read. */
export const OutputRow = memo(function OutputRow({
  number,
  line,
  digits,
  marks,
  current,
}: {
  number: number
  line: ShownLine | undefined
  /** How wide its number may be. */
  digits: number
  marks: Marks | null
  /** True for the match that somebody went to. */
  current: boolean
}): ReactNode {
  const isError = line?.type === 'stderr'
  return (
    <div
      className={styles['row']}
      data-type={line?.type}
      data-current={current || undefined}
      data-line={number + 1}
    >
      <span className={styles['gutter']}>
        <span
          className={styles['number']}
          data-number={number + 1}
          style={{ minWidth: `${digits}ch` }}
        />
        <span className={styles['stream']} {...(isError && { title: 'Printed on stderr' })}>
          {isError ? 'err' : ''}
        </span>
      </span>
      <span className={styles['text']}>
        {line === undefined ? <span className={styles['reading']}>…</span> : pieces(line, marks)}
      </span>
    </div>
  )
})

function pieces(line: ShownLine, marks: Marks | null): ReactNode {
  const spans = spansOf(line.text, line.before)
  return markMatches(spans, marks?.text ?? '', marks?.matchCase ?? false).map(piece)
}

function piece(span: MarkedSpan, at: number): ReactNode {
  if (span.marked) return <mark key={at}>{span.text}</mark>
  const isPlain = span.styles.length === 0 && span.colour === null && span.ink === null
  if (isPlain) return span.text
  const names = [...span.styles, span.colour ?? '', span.ink === null ? '' : 'ink']
  const className = names.map((name) => ansi[name] ?? '').join(' ')
  return (
    <span key={at} className={className} style={coloursOf(span)}>
      {span.text}
    </span>
  )
}

// Made of numbers, by us: nothing that was printed gets into a style.
function coloursOf({ ink, ground }: MarkedSpan): CSSProperties {
  return {
    ...(ink !== null && { '--ink-light': ink.light, '--ink-dark': ink.dark }),
    ...(ground !== null && { background: ground }),
  }
}
