import koffi, { type LibraryHandle } from 'koffi'
import { loadLibrary } from './library.ts'
import { PAM } from './pam-codes.ts'

/** One use of PAM (pam(3)) for one account; each step answers a code of pam_appl.h, 0 if it is well. */
export interface PamTransaction {
  /** What PAM has to say to the person, and prompts that were not answered. */
  readonly told: readonly string[]
  /** True if a module asked for something else than one password. */
  readonly isAskedTooMuch: boolean
  /** Microseconds for which the modules want a failed sign-in to be delayed; we do not wait for it here. */
  readonly failDelay: number
  /** The account as the modules name it. */
  readonly user: string
  authenticate(): number
  accountStatus(): number
  establishCredentials(): number
  deleteCredentials(): number
  openSession(): number
  closeSession(): number
  /** The variables for the account's processes, each `NAME=value`. */
  environment(): string[]
  putEnvironment(entry: string): number
  /** What a code means, in words. */
  describe(code: number): string
  /** Frees it all; nothing may be called afterwards. */
  end(code: number): void
}

const SET = { user: 2, rhost: 4, failDelay: 10 } as const
const CREDENTIALS = { establish: 0x2, delete: 0x4 } as const
const PROMPT = { secret: 1, visible: 2, error: 3, info: 4 } as const

/**
 * Begins to use PAM with a service of /etc/pam.d for an account. The first question for something secret is answered with
 * `password`, nothing else is answered. Throws an Error if libpam is not there or does not begin.
 */
export function startPam(ask: {
  readonly service: string
  readonly user: string
  readonly remoteHost?: string
  readonly password?: string
}): PamTransaction {
  const pam = functionsOf(loadLibrary('libpam.so.0'))
  const memory = memoryOf(loadLibrary('libc.so.6'))
  const message = koffi.struct({ style: 'int', text: 'const char *' })
  const answer = koffi.struct({ text: 'void *', code: 'int' })
  const told: string[] = []
  let password = ask.password
  let isAskedTooMuch = false
  let failDelay = 0

  function reply(style: number, text: string): bigint | null | undefined {
    if (style === PROMPT.error || style === PROMPT.info) {
      told.push(text)
      return null
    }
    if (style !== PROMPT.secret || password === undefined) return undefined
    const given: bigint = memory.strdup(password)
    password = undefined
    return given
  }

  function converse(count: number, messages: bigint, answers: bigint): number {
    const given: bigint = memory.calloc(count, koffi.sizeof(answer))
    for (let index = 0; index < count; index++) {
      const at = koffi.decode(messages, index * koffi.sizeof('void *'), 'void *')
      const { style, text } = koffi.decode(at, message)
      const said = reply(style, text ?? '')
      if (said === undefined) {
        isAskedTooMuch = true
        told.push(text ?? '')
        // PAM frees no answers of a conversation that fails; what they hold ends with this process.
        return PAM.conversation
      }
      koffi.encode(given, index * koffi.sizeof(answer), answer, { text: said, code: 0 })
    }
    koffi.encode(answers, 'void *', given)
    return PAM.success
  }

  const conversation = {
    converse: koffi.register(converse, koffi.pointer(CONVERSE)),
    data: null,
  }
  const handle: [bigint | null] = [null]
  const begun: number = pam.start(ask.service, ask.user, conversation, handle)
  const describe = (code: number): string => pam.strerror(handle[0], code) ?? `code ${code}`
  if (begun !== PAM.success) {
    throw new Error(`PAM does not begin with the service ${ask.service}: ${describe(begun)}`)
  }
  const delay = (code: number, microseconds: number) => {
    if (code !== PAM.success) failDelay = microseconds
  }
  pam.setItem(handle[0], SET.failDelay, koffi.register(delay, koffi.pointer(DELAY)))
  if (ask.remoteHost !== undefined) pam.setItem(handle[0], SET.rhost, memory.strdup(ask.remoteHost))
  return {
    told,
    get isAskedTooMuch() {
      return isAskedTooMuch
    },
    get failDelay() {
      return failDelay
    },
    get user() {
      const item: [bigint | null] = [null]
      const code = pam.getItem(handle[0], SET.user, item)
      return code === PAM.success && item[0] !== null ? koffi.decode.string(item[0]) : ask.user
    },
    authenticate: () => pam.authenticate(handle[0], 0),
    accountStatus: () => pam.accountStatus(handle[0], 0),
    establishCredentials: () => pam.setCredentials(handle[0], CREDENTIALS.establish),
    deleteCredentials: () => pam.setCredentials(handle[0], CREDENTIALS.delete),
    openSession: () => pam.openSession(handle[0], 0),
    closeSession: () => pam.closeSession(handle[0], 0),
    environment: () => stringsAt(pam.environment(handle[0])),
    putEnvironment: (entry) => pam.putEnvironment(handle[0], entry),
    describe,
    end: (code) => pam.end(handle[0], code),
  }
}

const CONVERSE = koffi.proto('int', ['int', 'void *', 'void *', 'void *'])
const DELAY = koffi.proto('void', ['int', 'uint', 'void *'])
const CONVERSATION = koffi.struct({ converse: koffi.pointer(CONVERSE), data: 'void *' })

function functionsOf(library: LibraryHandle) {
  const handle = 'void *'
  const step = (name: string) => library.func(name, 'int', [handle, 'int'])
  return {
    start: library.func('pam_start', 'int', [
      'str',
      'str',
      koffi.pointer(CONVERSATION),
      koffi.out(koffi.pointer('void *')),
    ]),
    end: step('pam_end'),
    authenticate: step('pam_authenticate'),
    accountStatus: step('pam_acct_mgmt'),
    setCredentials: step('pam_setcred'),
    openSession: step('pam_open_session'),
    closeSession: step('pam_close_session'),
    setItem: library.func('pam_set_item', 'int', [handle, 'int', 'void *']),
    getItem: library.func('pam_get_item', 'int', [
      handle,
      'int',
      koffi.out(koffi.pointer('void *')),
    ]),
    environment: library.func('pam_getenvlist', 'void *', [handle]),
    putEnvironment: library.func('pam_putenv', 'int', [handle, 'str']),
    strerror: library.func('pam_strerror', 'str', [handle, 'int']),
  }
}

function memoryOf(libc: LibraryHandle) {
  return {
    calloc: libc.func('calloc', 'void *', ['size_t', 'size_t']),
    strdup: libc.func('strdup', 'void *', ['str']),
  }
}

/** The strings of a list that a null pointer ends. */
function stringsAt(list: bigint | null): string[] {
  const strings: string[] = []
  for (let index = 0; list !== null; index++) {
    const at: bigint | null = koffi.decode(list, index * koffi.sizeof('void *'), 'void *')
    if (at === null) break
    strings.push(koffi.decode.string(at))
  }
  return strings
}
