/** One server-sent event. */
export interface ServerEvent {
  readonly event: string
  readonly data: string
}

/** The events of a response, one after the other, only as fast as they are asked for; what breaks off in the middle of one is dropped. */
export async function* serverEvents(response: Response): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes as Uint8Array, { stream: true })
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) yield eventOf(block)
  }
}

function eventOf(block: string): ServerEvent {
  const fields = block.split('\n').map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')] as const
  })
  const all = (name: string) => fields.filter(([field]) => field === name).map(([, value]) => value)
  return { event: all('event').at(-1) ?? 'message', data: all('data').join('\n') }
}
