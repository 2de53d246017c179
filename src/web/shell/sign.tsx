import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import styles from './sign.module.css'

/** How a state looks. */
export interface SignLook {
  readonly icon: Icon
  readonly tone: 'good' | 'busy' | 'quiet' | 'warn' | 'bad'
}

/** A state as a word with a sign; colour only repeats what they say. */
export function Sign({ look, word }: { look: SignLook; word: string }): ReactNode {
  const { icon: Picture, tone } = look
  return (
    <span className={styles['sign']} data-tone={tone}>
      <Picture size={16} stroke={2} aria-hidden />
      {word}
    </span>
  )
}
