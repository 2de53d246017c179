import { join } from 'node:path'

/**
 * What every nginx of the benchmarks has in common: one worker, in the foreground, no log of requests, nothing outside
 * `directory`. `http` is what the http block says beyond that.
 */
export function nginxConfig(directory: string, http: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `  ${name}_temp_path ${join(directory, name)};`,
  )
  return [
    // As root its worker would become another account, which cannot enter the folder.
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    'daemon off;',
    'worker_processes 1;',
    `pid ${join(directory, 'nginx.pid')};`,
    'error_log stderr error;',
    'events { worker_connections 8192; }',
    'http {',
    '  access_log off;',
    '  server_tokens off;',
    '  keepalive_timeout 300s;',
    '  keepalive_requests 1000000000;',
    '  client_max_body_size 0;',
    ...temporary,
    http,
    '}',
    '',
  ].join('\n')
}

/** The command that runs an nginx with the configuration in `file`. */
export function nginxCommand(directory: string, file: string): readonly [string, ...string[]] {
  return ['nginx', '-p', directory, '-c', file, '-e', 'stderr']
}
