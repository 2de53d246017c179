/** How many of these bytes of UTF-8 are whole characters: the last one is left out if its end is missing. */
export function wholeCharacters(bytes: Uint8Array): number {
  const { length } = bytes
  for (let back = 1; back <= Math.min(4, length); back++) {
    const byte = bytes[length - back] ?? 0
    if (isInner(byte)) continue
    return back < lengthOf(byte) ? length - back : length
  }
  return length
}

/** How many bytes at the beginning belong to a character that began before. */
export function innerBytes(bytes: Uint8Array): number {
  let inner = 0
  while (inner < Math.min(3, bytes.length) && isInner(bytes[inner] ?? 0)) inner++
  return inner
}

/** True for each byte of a character but its first. */
export function isInner(byte: number): boolean {
  return (byte & 0xc0) === 0x80
}

function lengthOf(first: number): number {
  if (first >= 0xf0) return 4
  if (first >= 0xe0) return 3
  return first >= 0xc0 ? 2 : 1
}
