/** The text as one word of a POSIX shell, whatever is in it. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** Shell lines that leave $SHELL naming a shell that opens: an account made for services has none that does. */
export const LOGIN_SHELL = [
  'case "${SHELL:-}" in',
  "  '' | */nologin | */false) SHELL=/bin/bash ;;",
  'esac',
  'export SHELL',
].join('\n')
