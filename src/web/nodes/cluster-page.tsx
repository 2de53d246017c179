import { Alert, Button, List, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useEffect, type ReactNode } from 'react'
import { Link } from 'wouter'
import { AdminHead } from '../admin/admin-head.tsx'
import { useMe } from '../api/queries.ts'
import { useAnnouncedChanges } from '../live/use-announced-changes.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { Announcement, usePageHeading } from '../shell/page.tsx'
import { NodeTable } from './node-table.tsx'
import type { NodeView } from './node-view.ts'
import { changedNodes, clusterSummary, versionsOf } from './node-words.ts'
import { useNodeEvents } from './use-node-events.ts'
import { useNodes } from './use-nodes.ts'

/** The nodes of the cluster, live, for administrators; everybody else is told so. */
export function ClusterPage(): ReactNode {
  const me = useMe()
  return me.data?.role === 'user' ? <NotForYou /> : <LiveCluster />
}

function NotForYou(): ReactNode {
  const heading = usePageHeading('Cluster')
  return (
    <Stack align="flex-start" gap="md" maw={560}>
      <Title order={1} size="h2" ref={heading} tabIndex={-1}>
        Only administrators see the cluster
      </Title>
      <Text>Your own sessions are all here:</Text>
      <Button component={Link} href="/">
        Go to my sessions
      </Button>
    </Stack>
  )
}

function LiveCluster(): ReactNode {
  const heading = usePageHeading('Cluster')
  const { data: nodes, error, refetch } = useNodes()
  const problem = useNodeEvents() ?? error
  const announcement = useAnnouncedChanges(nodes, changedNodes)
  const count = nodes?.length
  // The row that had the focus may have gone.
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true })
  }, [count, heading])
  return (
    <>
      <AdminHead title="Cluster" heading={heading} />
      {problem !== null && (
        <LoadProblem
          title={nodes === undefined ? 'The nodes could not be read' : 'This may be out of date'}
          error={problem}
          onRetry={refetch}
        />
      )}
      {nodes === undefined && problem === null && <Skeleton height={160} radius="md" aria-hidden />}
      {nodes !== undefined && <Nodes nodes={nodes} />}
      <Announcement text={announcement} />
    </>
  )
}

function Nodes({ nodes }: { nodes: readonly NodeView[] }): ReactNode {
  return (
    <>
      <Text c="dimmed" mb="lg">
        {clusterSummary(nodes)}
      </Text>
      <Versions nodes={nodes} />
      <NodeTable nodes={nodes} />
      {nodes.length === 1 && (
        <Text mt="lg" maw="46rem">
          To add a node, start Atelier on another server with <code>cluster.enabled = true</code>,
          the same <code>database.url</code>, the same cluster key and the same home directories.
        </Text>
      )}
    </>
  )
}

function Versions({ nodes }: { nodes: readonly NodeView[] }): ReactNode {
  const versions = versionsOf(nodes)
  if (versions.length < 2) return null
  return (
    <Alert
      mb="md"
      color="var(--atelier-busy)"
      icon={<IconInfoCircle />}
      title={`${versions.length} versions run: an upgrade is under way`}
    >
      <List size="sm">
        {versions.map(({ version, names }) => (
          <List.Item key={version}>
            {version} on {names.join(', ')}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}
