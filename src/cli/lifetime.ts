const MOST_DAYS = 3650

/** The days that a text such as `90d` names, null for `never`; undefined for what is neither, or more than 3650 days. */
export function readLifetime(text: string): number | null | undefined {
  if (text === 'never') return null
  const digits = /^(\d{1,4})d$/.exec(text)?.[1]
  const days = Number(digits ?? 0)
  return days >= 1 && days <= MOST_DAYS ? days : undefined
}
