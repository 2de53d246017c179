import { Button, Text } from '@mantine/core'
import { IconArrowDown } from '@tabler/icons-react'
import { memo, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { outputAsText, type OutputBlock, type OutputText } from './output-text.ts'
import styles from './start.module.css'

const NEAR_PX = 24

/** Live output that follows its end until the user scrolls up. */
export function OutputView({ output, label }: { output: OutputText; label: string }): ReactNode {
  const box = useRef<HTMLDivElement>(null)
  const [following, setFollowing] = useState(true)
  const partial = outputAsText({ ...output, blocks: [] })
  const empty = output.blocks.length === 0 && partial === ''

  const toEnd = (): void => {
    if (box.current !== null) box.current.scrollTop = box.current.scrollHeight
  }
  useLayoutEffect(() => {
    if (following) toEnd()
  }, [output, following])

  const onScroll = (): void => {
    if (box.current === null) return
    const { scrollHeight, scrollTop, clientHeight } = box.current
    setFollowing(scrollHeight - scrollTop - clientHeight < NEAR_PX)
  }

  return (
    <div className={styles['logFrame']}>
      <div
        ref={box}
        className={styles['log']}
        role="region"
        aria-label={label}
        tabIndex={0}
        onScroll={onScroll}
      >
        {empty && (
          <Text component="span" size="sm" c="dimmed">
            No output yet.
          </Text>
        )}
        {output.blocks.map((block) => (
          <Block key={block.key} block={block} />
        ))}
        {partial}
      </div>
      {!following && (
        <Button
          className={styles['toEnd']}
          size="compact-md"
          fz="sm"
          leftSection={<IconArrowDown size={16} />}
          onClick={() => setFollowing(true)}
        >
          Follow the end
        </Button>
      )}
    </div>
  )
}

// Only the last block changes; the others are not rendered again.
const Block = memo(function Block({ block }: { block: OutputBlock }): ReactNode {
  return <div>{block.text}</div>
})
