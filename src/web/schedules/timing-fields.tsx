import { NativeSelect, Select, Stack, Text, TextInput } from '@mantine/core'
import { useMemo, type ReactNode } from 'react'
import { useNow } from '../live/use-now.ts'
import { cronOf, PRESETS, type CronChoice, type CronPreset } from './cron-choice.ts'
import { formatInZone, ownTimeZone, readCron } from './cron-reading.ts'
import styles from './schedules.module.css'

/** When a schedule runs, as it is typed. */
export interface TimingDraft {
  readonly choice: CronChoice
  readonly timeZone: string
  readonly missed: 'skip' | 'once'
  readonly overlap: 'skip' | 'allow'
}

const PRESET_TITLES: Readonly<Record<CronPreset, string>> = {
  hourly: 'Every hour',
  daily: 'Every day',
  weekdays: 'Monday to Friday',
  weekly: 'Every week',
  monthly: 'Every month',
  custom: 'Other (cron expression)',
}
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** Asks when something is to run again and again, and shows how that is understood. */
export function TimingFields({
  timing,
  onChange,
  problems,
}: {
  timing: TimingDraft
  onChange: (changes: Partial<TimingDraft>) => void
  problems: Partial<Record<'cron' | 'timeZone', string>>
}): ReactNode {
  const { choice, timeZone, missed, overlap } = timing
  const choose = (changes: Partial<CronChoice>): void =>
    onChange({ choice: { ...choice, ...changes } })
  return (
    <Stack gap="md">
      <div className={styles['when']}>
        <NativeSelect
          label="How often"
          data={PRESETS.map((value) => ({ value, label: PRESET_TITLES[value] }))}
          value={choice.preset}
          onChange={({ currentTarget: { value } }) => {
            const preset = PRESETS.find((each) => each === value) ?? 'custom'
            choose({ preset, cron: cronOf(choice) || choice.cron })
          }}
        />
        {choice.preset === 'weekly' && (
          <NativeSelect
            label="On"
            data={WEEKDAYS.map((label, day) => ({ value: String(day), label }))}
            value={String(choice.weekday)}
            onChange={({ currentTarget: { value } }) => choose({ weekday: Number(value) })}
          />
        )}
        {choice.preset === 'monthly' && (
          <NativeSelect
            label="On day"
            data={Array.from({ length: 31 }, (_, n) => String(n + 1))}
            value={String(choice.day)}
            onChange={({ currentTarget: { value } }) => choose({ day: Number(value) })}
          />
        )}
        {choice.preset === 'hourly' && (
          <NativeSelect
            label="At minute"
            data={Array.from({ length: 60 }, (_, n) => String(n))}
            value={String(Number(choice.time.split(':')[1] ?? 0))}
            onChange={({ currentTarget: { value } }) =>
              choose({ time: `00:${value.padStart(2, '0')}` })
            }
          />
        )}
        {choice.preset === 'custom' && (
          <TextInput
            label="Cron expression"
            placeholder="30 6 * * 1-5"
            spellCheck={false}
            autoComplete="off"
            maxLength={200}
            value={choice.cron}
            error={problems.cron}
            onChange={(event) => choose({ cron: event.currentTarget.value })}
          />
        )}
        {choice.preset !== 'custom' && choice.preset !== 'hourly' && (
          <TextInput
            type="time"
            label="At"
            required
            withAsterisk={false}
            value={choice.time}
            error={problems.cron}
            onChange={(event) => choose({ time: event.currentTarget.value })}
          />
        )}
        <Select
          label="Time zone"
          data={zones(timeZone)}
          value={timeZone}
          error={problems.timeZone}
          onChange={(zone) => onChange({ timeZone: zone ?? timeZone })}
          searchable
          allowDeselect={false}
          nothingFoundMessage="No such time zone"
          maxDropdownHeight={240}
          limit={200}
        />
      </div>
      <Reading cron={cronOf(choice)} timeZone={timeZone} />
      <div className={styles['when']}>
        <NativeSelect
          label="If the servers are off at the time"
          data={[
            { value: 'skip', label: 'Leave that run out' },
            { value: 'once', label: 'Run once when they are back' },
          ]}
          value={missed}
          onChange={({ currentTarget: { value } }) =>
            onChange({ missed: value === 'once' ? 'once' : 'skip' })
          }
        />
        <NativeSelect
          label="If the run before still goes on"
          data={[
            { value: 'skip', label: 'Leave that run out' },
            { value: 'allow', label: 'Run both at once' },
          ]}
          value={overlap}
          onChange={({ currentTarget: { value } }) =>
            onChange({ overlap: value === 'allow' ? 'allow' : 'skip' })
          }
        />
      </div>
    </Stack>
  )
}

function Reading({ cron, timeZone }: { cron: string; timeZone: string }): ReactNode {
  const now = useNow(30_000)
  const { words, next, problem } = useMemo(
    () => readCron(cron, timeZone, now),
    [cron, timeZone, now],
  )
  return (
    <div className={styles['reading']} role="status" aria-label="How this is understood">
      {problem !== null && (
        <Text size="sm" c="var(--mantine-color-error)">
          {problem}
        </Text>
      )}
      {words !== null && (
        <>
          <Text size="sm" fw={600}>
            {words}
          </Text>
          <Text size="sm" c="dimmed">
            {timeZone === ownTimeZone() ? 'Next times' : `Next times in ${timeZone}`}
          </Text>
          <ol className={styles['next']}>
            {next.map((time) => (
              <li key={time.getTime()}>{formatInZone(time, timeZone)}</li>
            ))}
          </ol>
        </>
      )}
    </div>
  )
}

function zones(chosen: string): string[] {
  const known = Intl.supportedValuesOf('timeZone')
  return [...new Set([chosen, ownTimeZone(), 'UTC', ...known])]
}
