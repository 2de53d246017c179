/** Ways to say when something is done again and again; `custom` is a cron expression. */
export const PRESETS = ['hourly', 'daily', 'weekdays', 'weekly', 'monthly', 'custom'] as const

/** A way to say when something is done. */
export type CronPreset = (typeof PRESETS)[number]

/** When something is done, as one chooses it. */
export interface CronChoice {
  readonly preset: CronPreset
  /** `07:30`; of every hour only the minute counts. */
  readonly time: string
  /** 0 is Sunday. */
  readonly weekday: number
  /** Day of the month, from 1. */
  readonly day: number
  /** What holds where it is `custom`. */
  readonly cron: string
}

/** What is offered first. */
export const USUAL_CHOICE: CronChoice = {
  preset: 'daily',
  time: '06:00',
  weekday: 1,
  day: 1,
  cron: '0 6 * * *',
}

/** The cron expression of a choice; empty if no time is chosen. */
export function cronOf({ preset, time, weekday, day, cron }: CronChoice): string {
  if (preset === 'custom') return cron.trim()
  const [hour, minute] = time.split(':').map(Number)
  if (hour === undefined || minute === undefined || Number.isNaN(hour + minute)) return ''
  switch (preset) {
    case 'hourly':
      return `${minute} * * * *`
    case 'daily':
      return `${minute} ${hour} * * *`
    case 'weekdays':
      return `${minute} ${hour} * * 1-5`
    case 'weekly':
      return `${minute} ${hour} * * ${weekday}`
    case 'monthly':
      return `${minute} ${hour} ${day} * *`
  }
}

/** The choice that an expression comes from; `custom` if it comes from no other. */
export function choiceOf(cron: string): CronChoice {
  const written = cron.trim()
  const [minute = '', hour = '', day = '', , weekday = ''] = written.split(/\s+/)
  const at = `${hour === '*' ? '00' : hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
  const time = /^([01]\d|2[0-3]):[0-5]\d$/.test(at) ? at : USUAL_CHOICE.time
  const base = {
    ...USUAL_CHOICE,
    time,
    cron: written,
    weekday: /^[0-6]$/.test(weekday) ? Number(weekday) : USUAL_CHOICE.weekday,
    day: /^([1-9]|[12]\d|3[01])$/.test(day) ? Number(day) : USUAL_CHOICE.day,
  }
  const preset = PRESETS.find(
    (each) => each !== 'custom' && cronOf({ ...base, preset: each }) === written,
  )
  return { ...base, preset: preset ?? 'custom' }
}
