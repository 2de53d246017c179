import { NativeSelect, Select } from '@mantine/core'
import type { ReactNode } from 'react'
import type { VersionOption } from './offered-versions.ts'

const USUAL: VersionOption = { value: '', label: 'The usual one' }
// A phone's own list is best until one has to search it.
const MANY = 10

/** A select of versions; one with a search when there are many. */
export function VersionSelect({
  label,
  options,
  value,
  onChange,
}: {
  label: string
  options: readonly VersionOption[]
  value: string
  onChange: (id: string) => void
}): ReactNode {
  const data = [USUAL, ...options]
  if (data.length <= MANY) {
    return (
      <NativeSelect
        label={label}
        data={data}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    )
  }
  return (
    <Select
      label={label}
      data={data}
      value={value}
      onChange={(id) => onChange(id ?? '')}
      searchable
      allowDeselect={false}
      nothingFoundMessage="No such version"
      maxDropdownHeight={240}
    />
  )
}
