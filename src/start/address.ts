/** Never a name: another program may listen on the address of the other kind that it stands for too. */
const ANY: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

/** The URL at which this machine reaches what listens on `host` and `port`. */
export function addressOf(host: string, port: number): string {
  const name = ANY[host] ?? host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}
