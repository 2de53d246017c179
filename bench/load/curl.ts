import { run } from './run.ts'

/** How a transfer went. */
export interface Transfer {
  readonly seconds: number
  readonly bytes: number
}

/** Fetches the URL and throws the body away. Throws unless it is good and `bytes` long. */
export async function download(
  url: string,
  headers: Readonly<Record<string, string>>,
  bytes: number,
): Promise<Transfer> {
  const told = await curl(url, headers, ['-o', '/dev/null', '-w', '%{time_total} %{size_download}'])
  const [seconds = NaN, received = NaN] = told.split(' ').map(Number)
  if (received !== bytes) throw new Error(`${received} bytes came instead of ${bytes}`)
  return { seconds, bytes }
}

/** Sends a file with PUT. Throws unless the upstream says that it got `bytes`. */
export async function upload(
  url: string,
  headers: Readonly<Record<string, string>>,
  file: string,
  bytes: number,
): Promise<Transfer> {
  const told = await curl(url, headers, ['-T', file, '-H', 'Expect:', '-w', ' %{time_total}'])
  const [arrived = NaN, seconds = NaN] = told.split(' ').map(Number)
  if (arrived !== bytes) throw new Error(`${arrived} bytes arrived instead of ${bytes}`)
  return { seconds, bytes }
}

async function curl(
  url: string,
  headers: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<string> {
  const named = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  return run('curl', ['-q', '-sS', '--fail', '--noproxy', '*', ...named, ...args, url])
}
