import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { answers, type Upstreams } from '../upstream/upstream.ts'
import { freePort, type Workplace } from '../workplace.ts'
import type { Contender } from './contender.ts'

/**
 * JupyterHub's proxy with its own command line and routes set through its API, to the TCP ports of the upstreams: only
 * there does it keep connections open.
 */
export async function startConfigurableHttpProxy(
  workplace: Workplace,
  { files, echo }: Upstreams,
): Promise<Contender> {
  const manifest = createRequire(import.meta.url).resolve('configurable-http-proxy/package.json')
  const script = join(dirname(manifest), 'bin', 'configurable-http-proxy')
  const [port, apiPort] = [await freePort(), await freePort()]
  const token = randomBytes(16).toString('hex')
  const program = workplace.processes.start(
    [
      process.execPath,
      script,
      '--ip=127.0.0.1',
      `--port=${port}`,
      '--api-ip=127.0.0.1',
      `--api-port=${apiPort}`,
    ],
    { env: { CONFIGPROXY_AUTH_TOKEN: token } },
  )
  await answers(port, program)
  await answers(apiPort, program)
  for (const upstream of [files, echo]) {
    const { status } = await fetch(`http://127.0.0.1:${apiPort}/api/routes/s/${upstream.id}`, {
      method: 'POST',
      headers: { authorization: `token ${token}` },
      body: JSON.stringify({ target: `http://127.0.0.1:${upstream.port}` }),
    })
    if (status !== 201) throw new Error(`configurable-http-proxy refused a route: ${status}`)
  }
  return { name: 'configurable-http-proxy', program, portOf: () => port, headers: {} }
}
