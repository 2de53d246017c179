// Sets the colour scheme before the first paint; a file of its own because the policy forbids inline scripts.
;(() => {
  let scheme
  try {
    scheme = JSON.parse(window.localStorage.getItem('atelier-settings') ?? '{}')?.colours
  } catch {
    // Storage may be forbidden, or hold rubbish; then the system decides.
  }
  const dark = window.matchMedia('(prefers-color-scheme: dark)').matches
  if (scheme !== 'light' && scheme !== 'dark') scheme = dark ? 'dark' : 'light'
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme)
})()
