/** What we use of npm swim 0.6, which brings no types. Read from its source. */
declare module 'swim' {
  import type { EventEmitter } from 'node:events'
  import type { Socket } from 'node:dgram'

  interface MemberData {
    host: string
    state: number
    incarnation: number
    meta: unknown
  }

  interface SwimMember extends MemberData {
    data(): MemberData
  }

  interface SwimMembership extends EventEmitter {
    local: SwimMember
    hostToMember: Record<string, SwimMember>
    hostToFaulty: Record<string, SwimMember>
    suspectListener: (member: SwimMember) => void
    onUpdate(data: MemberData): void
    all(hasLocal: boolean, hasFaulty: boolean): MemberData[]
    get(host: string): SwimMember | undefined
    random(n: number): SwimMember[]
    size(hasLocal: boolean): number
    sync(hosts: readonly string[]): void
    updateMeta(meta: unknown): void
  }

  interface SwimFailureDetector extends EventEmitter {
    seq: number
    seqToTimeout: Record<number, NodeJS.Timeout>
    seqToCallback: Record<number, () => void>
    clearSeq(seq: number): void
    pingMember(member: SwimMember | undefined): void
    pingReq(member: SwimMember): void
    pingReqThroughMember(member: SwimMember, relay: SwimMember, callback: () => void): void
  }

  interface SwimNet extends EventEmitter {
    udpSocket: Socket
    listen: (callback: () => void) => void
    close: () => void
    sendBuffer: (buffer: Buffer, host: string) => void
    sendMessage(message: { type: number; data: unknown }, host: string): void
    sendMessages(messages: readonly { type: number; data: unknown }[], host: string): void
  }

  interface SwimOptions {
    codec: 'json'
    local: { host: string; meta: unknown; incarnation: number }
    interval: number
    pingTimeout: number
    pingReqTimeout: number
    pingReqGroupSize: number
    suspectTimeout: number
    disseminationFactor: number
    preferCurrentMeta: boolean
    udp: { maxDgramSize: number }
  }

  export default class Swim {
    constructor(options: SwimOptions)
    disseminator: { hostToAttempts: Record<string, number> }
    failureDetector: SwimFailureDetector
    membership: SwimMembership
    net: SwimNet
    bootstrap(hosts: readonly string[], callback: (error?: Error) => void): void
    leave(): void
  }
}
