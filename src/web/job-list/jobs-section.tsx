import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useCallback, useState, type ReactNode } from 'react'
import { useLocation, useSearch } from 'wouter'
import { HomeHead } from '../home/home-head.tsx'
import { useShortcuts } from '../keyboard/use-shortcuts.ts'
import { useAddressFilter } from '../list/use-address-filter.ts'
import { NewJobDialog } from '../new-job/new-job-dialog.tsx'
import { usePageHeading } from '../shell/page.tsx'
import { filterQuery, parseFilter } from './job-filter.ts'
import { JobList } from './job-list.tsx'

const ADDRESS = { path: '/jobs', parse: parseFilter, write: filterQuery }

/** The user's jobs, and the way to a new one; `?again=<id>` in the address begins one like another. */
export function JobsSection(): ReactNode {
  const heading = usePageHeading('Jobs')
  const [filter, setFilter] = useAddressFilter(ADDRESS)
  const [, navigate] = useLocation()
  const again = new URLSearchParams(useSearch()).get('again')
  const [choosing, setChoosing] = useState(false)
  // While the dialog leaves the screen it goes on showing what it showed.
  const [like, setLike] = useState(again)
  if (again !== null && again !== like) setLike(again)
  const rescueFocus = useCallback(() => {
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true })
  }, [heading])
  const open = (): void => {
    setLike(null)
    setChoosing(true)
  }
  const close = (): void => {
    setChoosing(false)
    const query = filterQuery(filter)
    if (again !== null) navigate(query === '' ? '/jobs' : `/jobs?${query}`, { replace: true })
  }
  useShortcuts({ n: open })
  return (
    <>
      <HomeHead section="jobs" heading={heading}>
        <Button leftSection={<IconPlus size={18} />} onClick={open}>
          New job
        </Button>
      </HomeHead>
      <JobList filter={filter} onFilter={setFilter} onFocusLost={rescueFocus} />
      <NewJobDialog
        opened={choosing || again !== null}
        scheduled={false}
        like={like}
        onClose={close}
      />
    </>
  )
}
