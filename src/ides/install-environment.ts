/** Variables that a run of npm, pip or a test leaves to its children and that would change what an installer does. */
const LEFTOVERS = [
  /^npm_(?:package|lifecycle|command|execpath|node_execpath)/i,
  // What of npm's settings says where to fetch from (registry, proxy, certificates, cache, files) stays.
  /^npm_config_(?!.*(?:registry|proxy|ca$|cafile|strict_ssl|cache$|userconfig|globalconfig|_auth))/i,
  /^(?:NODE_OPTIONS|NODE_PATH|NODE_ENV|INIT_CWD|VIRTUAL_ENV|PYTHON.*|PIP_(?:TARGET|PREFIX|ROOT|USER|REQUIRE_VIRTUALENV|NO_INDEX))$/,
  /^(?:TAP|COVERAGE)/,
]

/** The environment of an installer's commands: the caller's without leftovers, and quiet, unattended tools. */
export function installEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && !LEFTOVERS.some((pattern) => pattern.test(name))) kept[name] = value
  }
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    ...kept,
    LC_ALL: 'C.UTF-8',
    DEBIAN_FRONTEND: 'noninteractive',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_NO_INPUT: '1',
    PIP_PROGRESS_BAR: 'off',
    PIP_DEFAULT_TIMEOUT: '30',
    PIP_RETRIES: '2',
    // As root pip warns of that at length.
    PIP_ROOT_USER_ACTION: 'ignore',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
    npm_config_yes: 'true',
    npm_config_global: 'false',
    npm_config_engine_strict: 'false',
    npm_config_fetch_retries: '2',
    // npm asks for one package after the other: long waits for each would add up to hours.
    npm_config_fetch_retry_mintimeout: '1000',
    npm_config_fetch_retry_maxtimeout: '5000',
    npm_config_fetch_timeout: '60000',
  }
}
