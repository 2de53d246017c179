import { Button, Group } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlayerPlay, IconPlugConnectedX, IconTrash } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useKeptFocus } from '../list/use-kept-focus.ts'
import { showProblem } from '../shell/show-problem.ts'
import styles from './nodes.module.css'
import { DrainDialog } from './drain-dialog.tsx'
import type { NodeView } from './node-view.ts'
import { nodeActions } from './node-words.ts'
import { RemoveDialog } from './remove-dialog.tsx'
import { useDrainNode } from './use-nodes.ts'

/** What can be done with a node as it is now. */
export function NodeButtons({
  node,
  isLast,
}: {
  node: NodeView
  /** True if no other node takes new sessions. */
  isLast: boolean
}): ReactNode {
  const [draining, drain] = useDisclosure(false)
  const [removing, remove] = useDisclosure(false)
  const undrain = useDrainNode('undrain')
  const { name } = node
  const actions = nodeActions(node)
  const kept = useKeptFocus(actions.join())
  // The button that opened the dialog may have made room for another one. The dialog itself leaves in this moment.
  const keepFocus = (): void => {
    setTimeout(() => {
      if (document.activeElement !== document.body) return
      kept.ref.current?.querySelector('button')?.focus()
    })
  }
  const look = { size: 'compact-md', fz: 'sm', variant: 'default' } as const
  return (
    <>
      <Group gap={6} className={styles['buttons']} {...kept}>
        {actions.includes('drain') && (
          <Button
            {...look}
            leftSection={<IconPlugConnectedX size={16} />}
            aria-label={`Drain ${name}`}
            onClick={drain.open}
          >
            Drain
          </Button>
        )}
        {actions.includes('undrain') && (
          <Button
            {...look}
            leftSection={<IconPlayerPlay size={16} />}
            loading={undrain.isPending}
            aria-label={`Undrain ${name}`}
            title="Give it new sessions again"
            onClick={() =>
              undrain.mutate(node, {
                onError: (error) => showProblem(`${name} could not be undrained`, error),
              })
            }
          >
            Undrain
          </Button>
        )}
        {actions.includes('remove') && (
          <Button
            {...look}
            leftSection={<IconTrash size={16} />}
            aria-label={`Remove ${name}`}
            onClick={remove.open}
          >
            Remove
          </Button>
        )}
      </Group>
      <DrainDialog
        node={node}
        isLast={isLast}
        opened={draining}
        onClose={drain.close}
        onGone={keepFocus}
      />
      <RemoveDialog node={node} opened={removing} onClose={remove.close} onGone={keepFocus} />
    </>
  )
}
