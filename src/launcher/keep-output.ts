const TAG = 'keep-output:'

/** The tag of a job whose first `bytes` of each stream of output are to be kept to its end; of others only the last are. */
export function keepOutputTag(bytes: number): string {
  return `${TAG}${bytes}`
}

/** How many bytes from the beginning of each stream are to be kept of a job with these tags. */
export function keptOutput(tags: readonly string[]): number {
  const bytes = Number(tags.find((tag) => tag.startsWith(TAG))?.slice(TAG.length) ?? 0)
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : 0
}
