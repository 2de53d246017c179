const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Bytes in the largest fitting binary unit, with one decimal below ten: `512 MiB`, `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  const { value, unit } = inUnit(bytes)
  return `${value} ${unit}`
}

/** How much of its limit is used: `1.2 of 4 GiB`, `300 MiB of 2 GiB`. Without a limit only how much. */
export function formatBytesOf(bytes: number, limit: number | null): string {
  if (limit === null) return formatBytes(bytes)
  const used = inUnit(bytes)
  const most = inUnit(limit)
  const [left, right] = [used.unit === most.unit ? '' : ` ${used.unit}`, Number(most.value)]
  return `${used.value}${left} of ${right} ${most.unit}`
}

/** Percent of one processor; more than 100 when several are busy. */
export function formatPercent(percent: number): string {
  return `${rounded(percent)} %`
}

/** The same of as many processors as may be used: `150 of 400 %`. Without a limit only how much. */
export function formatPercentOf(percent: number, processors: number | null): string {
  if (processors === null) return formatPercent(percent)
  return `${rounded(percent)} of ${Math.round(processors * 100)} %`
}

function rounded(percent: number): string {
  return percent > 0 && percent < 1 ? '< 1' : String(Math.round(percent))
}

function inUnit(bytes: number): { readonly value: string; readonly unit: string } {
  let value = bytes
  let unit = 0
  while (value >= 1023.5 && unit < UNITS.length - 1) {
    value /= 1024
    unit += 1
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0
  return { value: value.toFixed(digits), unit: UNITS[unit] ?? '' }
}
