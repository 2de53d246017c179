const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Bytes in the largest fitting binary unit, with one decimal below ten: `512 MiB`, `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1023.5 && unit < UNITS.length - 1) {
    value /= 1024
    unit += 1
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0
  return `${value.toFixed(digits)} ${UNITS[unit] ?? ''}`
}

/** Percent of one processor; more than 100 when several are busy. */
export function formatPercent(percent: number): string {
  return `${percent > 0 && percent < 1 ? '< 1' : Math.round(percent)} %`
}
