import { escapeHtml } from './escape-html.ts'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** Sends a browser to another address of ours with the same method and body, and says so to whoever does not follow. */
export function leadTo(url: string, request: IncomingMessage, response: ServerResponse): void {
  const address = escapeHtml(url)
  const body = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Another address · Atelier</title></head>
<body><main><h1>Atelier is at another address.</h1><p><a href="${address}">${address}</a></p></main></body>
</html>
`
  response.writeHead(307, {
    location: url,
    'cache-control': 'no-store',
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'",
    'x-content-type-options': 'nosniff',
    'content-length': Buffer.byteLength(body),
    // What is left of the request's body would be read as the next request.
    ...(request.complete ? undefined : { connection: 'close' }),
  })
  response.end(body)
}
