import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nginxCommand, nginxConfig } from '../upstream/nginx-config.ts'
import { answers, type Upstream, type Upstreams } from '../upstream/upstream.ts'
import { freePort, type Workplace } from '../workplace.ts'
import type { Contender } from './contender.ts'

/** nginx with one worker as a careful operator sets it up for such upstreams: kept connections, nothing buffered. */
export async function startNginx(
  workplace: Workplace,
  { files, echo }: Upstreams,
): Promise<Contender> {
  const directory = workplace.folder('nginx')
  const port = await freePort()
  const http = `
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  ${[files, echo].map(upstreamBlock).join('\n  ')}
  server {
    listen 127.0.0.1:${port} backlog=4096;
    proxy_http_version 1.1;
    proxy_buffering off;
    proxy_buffer_size 32k;
    proxy_buffers 8 32k;
    proxy_request_buffering off;
    proxy_read_timeout 1h;
    proxy_set_header Host $http_host;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_upgrade;
    proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Forwarded-Host $http_host;
    ${[files, echo].map(locationBlock).join('\n    ')}
  }`
  const file = join(directory, 'nginx.conf')
  writeFileSync(file, nginxConfig(directory, http))
  const program = workplace.processes.start(nginxCommand(directory, file))
  await answers(port, program)
  return { name: 'nginx', program, portOf: () => port, headers: {} }
}

function upstreamBlock({ id, socket }: Upstream): string {
  return `upstream ${id} { server unix:${socket}; keepalive 256; keepalive_requests 1000000000; }`
}

function locationBlock({ id }: Upstream): string {
  return `location /s/${id}/ { proxy_pass http://${id}; }`
}
