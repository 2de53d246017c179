/** What came of asking for notifications. */
export type NotifyAnswer = 'granted' | 'denied' | 'dismissed' | 'unavailable'

/** Asks the user, by the browser's own question, whether notifications may be shown. */
export async function askForNotifications(page: Window): Promise<NotifyAnswer> {
  // Browsers have the class on plain http too, and refuse without asking.
  if (!('Notification' in page) || !page.isSecureContext) return 'unavailable'
  const answer = await Notification.requestPermission()
  return answer === 'default' ? 'dismissed' : answer
}

/** Shows a notification; a later one with the same tag, of another tab too, takes its place. */
export function notifyByBrowser({
  title,
  body,
  tag,
  url,
}: {
  title: string
  body: string
  tag: string
  url: string
}): void {
  if (!('Notification' in window) || Notification.permission !== 'granted') return
  try {
    const notification = new Notification(title, { body, tag, icon: '/favicon.svg' })
    notification.onclick = () => {
      window.focus()
      window.location.assign(url)
    }
  } catch {
    // Chromium on Android shows them from service workers only.
  }
}
