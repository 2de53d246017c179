import { VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import { useNow } from '../live/use-now.ts'
import card from '../shell/card-table.module.css'
import styles from './nodes.module.css'
import { NodeRow } from './node-row.tsx'
import type { NodeView } from './node-view.ts'
import { takesSessions } from './node-words.ts'

const COLUMNS: readonly { readonly title: string; readonly meaning?: string }[] = [
  { title: 'Node' },
  { title: 'State' },
  { title: 'Version' },
  { title: 'Sessions' },
  { title: 'Load', meaning: 'Of the last minute, of 1 for each processor' },
  { title: 'Gossip', meaning: 'The round trip from this node' },
  { title: 'Database', meaning: "The node's own round trip to the database" },
  { title: 'Started' },
  { title: 'Last seen' },
]

/** The nodes of the cluster; on a narrow screen cards. */
export function NodeTable({ nodes }: { nodes: readonly NodeView[] }): ReactNode {
  const now = useNow(5000)
  return (
    <table role="table" className={`${card['table']} ${styles['table']}`} aria-label="Nodes">
      <thead role="rowgroup" className={card['head']}>
        <tr role="row">
          {COLUMNS.map(({ title, meaning }) => (
            <th role="columnheader" scope="col" key={title} title={meaning}>
              {title}
            </th>
          ))}
          <th role="columnheader" scope="col">
            <VisuallyHidden>Actions</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {nodes.map((node) => (
          <NodeRow
            key={node.name}
            node={node}
            isLast={!nodes.some((other) => other !== node && takesSessions(other))}
            columns={COLUMNS.length + 1}
            now={now}
          />
        ))}
      </tbody>
    </table>
  )
}
