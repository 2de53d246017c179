import { escapeHtml } from '../escape-html.ts'
import type { AtelierError, ErrorCode } from '../errors.ts'

/** Seconds. */
const AGAIN_AFTER = 5

const NEXT: Partial<Record<ErrorCode, string>> = {
  IDE_UNREACHABLE:
    'It may be busy, or about to end. Wait a moment and try again. If that does not help, your sessions page tells whether it still runs.',
  IDE_TIMEOUT:
    'A long computation can keep it from answering. Wait a moment and try again; nothing is lost by that.',
  SESSION_NOT_FOUND:
    'It may have ended and been removed, or the link may be somebody else’s. Your sessions page has all that are yours.',
  NOT_SIGNED_IN: 'Sign in, and open the session again.',
}
const ANYTHING =
  'Wait a moment and try again. If it happens again, tell whoever looks after this server.'
const PERMANENT: readonly ErrorCode[] = ['SESSION_NOT_FOUND', 'NOT_FOUND', 'NOT_SIGNED_IN']
/** What passes by itself, so that whoever waits need not do anything. */
const PASSING: readonly ErrorCode[] = [
  'NODE_UNREACHABLE',
  'NODE_STOPPING',
  'SESSION_LOST',
  'SESSION_MOVED',
]

/** A page about an error for a person who opened a session: what happened and what to do next. It needs no script. */
export function errorPage({ code, status, message }: AtelierError): string {
  // A link without an address of its own leads to the page itself: to try again is to load it again.
  // What the sentence says after its first one is what to do next.
  const [heading = message, next = NEXT[code] ?? ANYTHING] = message.split(/(?<=[.!?]) (.+)/s)
  const retry = PERMANENT.includes(code) ? '' : '<a class="first" href="">Try again</a>'
  const passing = PASSING.includes(code)
  const refresh = passing ? `\n<meta http-equiv="refresh" content="${AGAIN_AFTER}">` : ''
  const waiting = passing
    ? `\n  <p>This page tries again by itself every ${AGAIN_AFTER} seconds.</p>`
    : ''
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">${refresh}
<title>${escapeHtml(heading)} · Atelier</title>
<style>
  :root { color-scheme: light dark; --page: #f6f7f9; --body: #fff; --text: #1b1d20; --dimmed: #545b62;
    --line: #dde1e6; --action: #3b5bdb; --on-action: #fff }
  @media (prefers-color-scheme: dark) { :root { --page: #17181b; --body: #1f2125; --text: #e3e5e8;
    --dimmed: #b0b5bc; --line: #3b3f46; --action: #91a7ff; --on-action: #17181b } }
  * { box-sizing: border-box }
  body { margin: 0; padding: 12vh 1rem 2rem; background: var(--page); color: var(--text);
    font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere }
  main { max-width: 34rem; margin: 0 auto; padding: 2rem; border: 1px solid var(--line);
    border-radius: 1rem; background: var(--body) }
  h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.3; font-weight: 650 }
  p { margin: 0 0 1rem }
  nav { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.5rem 0 }
  a { padding: .5rem 1.1rem; border: 1px solid var(--action); border-radius: .5rem; color: var(--action);
    font-weight: 600; text-decoration: none }
  a.first { background: var(--action); color: var(--on-action) }
  a:focus-visible { outline: 2px solid var(--action); outline-offset: 3px }
  small { color: var(--dimmed) }
</style>
</head>
<body>
<main>
  <h1>${escapeHtml(heading)}</h1>
  <p>${escapeHtml(next)}</p>${waiting}
  <nav aria-label="What to do next">${retry}<a href="/">My sessions</a></nav>
  <small>Atelier · ${status} ${code}</small>
</main>
</body>
</html>
`
}
