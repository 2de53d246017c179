import { BlockList, isIP, isIPv6 } from 'node:net'
import { z } from 'zod'
import { KEY_FACTS } from './key-facts.ts'

const YEAR_SECONDS = 365 * 86_400

/** How people sign in. */
export const SIGN_IN_METHODS = ['link', 'pam', 'proxied'] as const

/** A way to sign in of the list `SIGN_IN_METHODS`. */
export type SignInMethod = (typeof SIGN_IN_METHODS)[number]

const A_NETWORK = 'an IP address or a network, such as "10.0.0.5" or "10.1.0.0/16"'

const lasting = (standard: number, description: string) =>
  z
    .number()
    .positive()
    .max(YEAR_SECONDS)
    .default(standard)
    .register(KEY_FACTS, { description, unit: 'seconds', reloadable: true })

const group = (description: string, otherwise: string) =>
  z
    .string()
    .min(1)
    .optional()
    .register(KEY_FACTS, { description, otherwise, example: 'workbench', reloadable: true })

const page = (description: string, otherwise: string, example: string) =>
  z
    .string()
    .regex(/^(?:https?:\/\/|\/(?!\/))[^\s"<>\\]*$/)
    .optional()
    .register(KEY_FACTS, {
      description,
      otherwise,
      example,
      right: 'a URL of http or https, or a path of this server such as "/oauth2/sign_out"',
      reloadable: true,
    })

/** `[auth]`: who may sign in, how, and for how long. */
export const authTable = z
  .strictObject({
    method: z.enum(SIGN_IN_METHODS).default('link').register(KEY_FACTS, {
      description:
        'How people sign in. link: one person, by a link that works once. pam: everybody with an account of this system, by user name and password. proxied: everybody whom a proxy in front has signed in, as it says in a header.',
    }),
    required_group: group(
      'Only members of this group may sign in; who leaves it loses access within about a minute.',
      'every account may',
    ),
    admin_group: group(
      'Members of this group are administrators: they look after the nodes, and see and stop the sessions of all.',
      'nobody is, but the one person of the method link',
    ),
    idle_seconds: lasting(
      259_200,
      'Who does nothing for this long has to sign in again. An open tab that does things by itself is no use.',
    ),
    lifetime_seconds: lasting(
      2_592_000,
      'Who has signed in this long ago has to sign in again, whatever they do.',
    ),
    proxied_header: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,64}$/)
      .default('x-atelier-user')
      .register(KEY_FACTS, {
        description:
          'The header in which the proxy names the account. It counts only from the addresses of auth.proxied_from, and no IDE gets it from anybody.',
        right: 'the name of a header: letters, digits and -',
      }),
    proxied_from: z
      .array(z.string().refine(isNetwork, `must be ${A_NETWORK}`))
      .default([])
      .register(KEY_FACTS, {
        description:
          'The addresses of the proxies in front, as this server sees them: they are believed whom they have signed in, with the method proxied, and by X-Forwarded-Proto that browsers came by TLS.',
        otherwise: 'no other server is believed',
        example: ['10.0.0.5', '10.1.0.0/16'],
        right: `a list in brackets, each ${A_NETWORK}`,
      }),
    proxied_secret: z
      .string()
      .regex(/^[\x21-\x7e]{16,200}$/)
      .optional()
      .register(KEY_FACTS, {
        description:
          'What the proxy shows with each request in the header x-atelier-proxy-secret. Without it everybody with a session on the same host could pass for anybody else.',
        otherwise: 'none; the method proxied needs one',
        example: 'a-long-random-text-of-your-own',
        right: 'a text of 16 to 200 printable characters without spaces',
        secret: true,
      }),
    sign_in_url: page(
      'Where the sign-in page leads those whom the proxy has not signed in.',
      'the page says only that one has to come through the proxy',
      'https://sso.example.com/start',
    ),
    sign_out_url: page(
      'Where one is led after signing out, so that the proxy ends its own sign-in.',
      'the sign-in page',
      '/oauth2/sign_out',
    ),
  })
  .refine(({ method, proxied_from: from }) => method !== 'proxied' || from.length > 0, {
    path: ['proxied_from'],
    error:
      'is missing; the method proxied needs the addresses of the proxies whose header is to be believed',
    // Beside a mistake in another key, so that all are told at once.
    when: ({ issues }) =>
      issues.every(({ path }) => !['method', 'proxied_from'].includes(String(path?.[0]))),
  })
  .refine(({ method, proxied_secret: secret }) => method !== 'proxied' || secret !== undefined, {
    path: ['proxied_secret'],
    error:
      'is missing; the method proxied needs a secret that the proxy shows, as others may reach this server from its address',
    when: ({ issues }) =>
      issues.every(({ path }) => !['method', 'proxied_secret'].includes(String(path?.[0]))),
  })
  .prefault({})

/** What the tables say of each other: undefined, or a sentence that follows `launcher.user`. */
export function contradiction(tables: {
  readonly auth: { readonly method: SignInMethod }
  readonly launcher: { readonly user?: string | undefined }
}): string | undefined {
  const { method } = tables.auth
  if (method === 'link' || tables.launcher.user === undefined) return undefined
  return `cannot be set with auth.method = "${method}": then everybody's sessions run as their own account. Take it out, or set auth.method = "link"`
}

/** Finds out whether an address is one of these addresses and networks, which were checked before. */
export function addressesIn(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return (address) => {
    const plain = address.replace(/%.*$/, '')
    const version = isIP(plain)
    return version !== 0 && list.check(plain, version === 6 ? 'ipv6' : 'ipv4')
  }
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const version = isIP(address)
  if (version === 0 || more.length > 0 || address.includes('%')) return false
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 6 ? 128 : 32))
  )
}
