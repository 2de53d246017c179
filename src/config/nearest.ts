/**
 * The candidate that was probably meant: one that ends in the very same word after a dot (of several the first, if nothing but
 * that word was said), else the one that the fewest
 * insertions, deletions and replacements turn into `word`, if these are at most a third of its letters.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const last = lastWord(word)
  const sameWord = candidates.filter((candidate) => lastWord(candidate) === last)
  if (word === last && sameWord.length > 0) return sameWord[0]
  const [best] = (sameWord.length > 0 ? sameWord : candidates)
    .map((candidate) => ({ candidate, edits: editDistance(word, candidate) }))
    .sort((a, b) => a.edits - b.edits)
  if (best === undefined) return undefined
  return sameWord.length > 0 || best.edits <= Math.ceil(word.length / 3)
    ? best.candidate
    : undefined
}

/** The Levenshtein distance of two words. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

function lastWord(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}
