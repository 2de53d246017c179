import { REQUEST, RESPONSE } from '../launcher/protocol.ts'
import type { Conversation } from './conversation.ts'
import { expect } from './verdict.ts'

const STREAMS: readonly number[] = [REQUEST.status, REQUEST.output, REQUEST.usage]
/** What is not counted: Posit's SDKs give these the response id 0. */
const UNCOUNTED: readonly number[] = [RESPONSE.error, RESPONSE.heartbeat, RESPONSE.metrics]

/** Fails unless each answer is for a request that was made, one for each but streams, and is numbered. */
export function expectOrder(conversation: Conversation): void {
  const numbers = new Set<number>()
  for (const { messageType, requestId, responseId, sequences } of conversation.said) {
    const ids = sequences?.map((each) => each.requestId) ?? []
    for (const id of ids.length > 0 ? ids : [requestId]) {
      const isKnown = id === 0 || conversation.asked.has(id)
      expect(isKnown, `It answers request ${id}, which was never made.`)
    }
    if (UNCOUNTED.includes(messageType)) continue
    expect(responseId !== undefined, `Its answer of type ${messageType} has no \`responseId\`.`)
    expect(!numbers.has(responseId), `Two of its answers have the \`responseId\` ${responseId}.`)
    numbers.add(responseId)
  }
  for (const [requestId, { messageType }] of conversation.asked) {
    const count = conversation.answers(requestId).length
    const isOnce = STREAMS.includes(messageType) || count <= 1
    expect(isOnce, `It answers one request of type ${messageType} ${count} times.`)
  }
}
