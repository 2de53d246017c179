const KEY = 'atelier-job-folder'

/** Remembers, in this browser, the folder that somebody took a file from. */
export function rememberFolder(path: string): void {
  try {
    window.localStorage.setItem(KEY, path)
  } catch {
    // Without storage one begins at home each time.
  }
}

/** The folder that a file was taken from last; null for none. */
export function rememberedFolder(): string | null {
  try {
    return window.localStorage.getItem(KEY)
  } catch {
    return null
  }
}
