import t from 'tap'
import { installEnvironment } from '../../src/ides/install-environment.ts'
import { knownMishap } from '../../src/ides/install-error.ts'

for (const name of [
  'PATH',
  'HOME',
  'https_proxy',
  'NODE_EXTRA_CA_CERTS',
  'PIP_INDEX_URL',
  'PIP_CERT',
  'npm_config_registry',
  'npm_config_cafile',
  'npm_config_https_proxy',
  'npm_config_cache',
  'npm_config_userconfig',
]) {
  t.equal(installEnvironment({ [name]: 'x' })[name], 'x', `${name} is handed on`)
}

for (const name of [
  'NODE_OPTIONS',
  'NODE_ENV',
  'npm_config_local_prefix',
  'npm_config_prefix',
  'npm_config_ignore_scripts',
  'npm_config_nodedir',
  'npm_package_name',
  'npm_lifecycle_event',
  'npm_execpath',
  'PYTHONPATH',
  'VIRTUAL_ENV',
  'PIP_TARGET',
  'TAP',
]) {
  t.notHas(installEnvironment({ [name]: 'x' }), { [name]: 'x' }, `${name} is not`)
}

for (const [output, message] of [
  ['npm error code ENOSPC', 'The disk is full.'],
  ['OSError: [Errno 28] No space left on device', 'The disk is full.'],
  [
    'npm error code SELF_SIGNED_CERT_IN_CHAIN',
    'The certificate of the package registry is not trusted.',
  ],
  ['getaddrinfo EAI_AGAIN somewhere', 'The package registry cannot be reached.'],
  ['Temporary failure resolving', 'The package registry cannot be reached.'],
  ["EACCES: permission denied, mkdir '/x'", 'A file or folder may not be written.'],
  ['error: expected expression', undefined],
] as const) {
  t.equal(knownMishap(output), message, `${output}: ${message ?? 'nothing known'}`)
}
