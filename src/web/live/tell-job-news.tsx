import { Anchor } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Link } from 'wouter'
import type { JobNews } from './job-news.ts'
import { notifyByBrowser } from './browser-notifications.ts'

/** Tells of a job in the page, unless its own page is on the screen; who looks elsewhere is told by the browser, if wished. */
export function tellJobNews(id: string, news: JobNews, notify: boolean): void {
  const { title, body, url, isGood } = news
  if (document.hidden && notify) notifyByBrowser({ title, body, tag: id, url })
  if (!document.hidden && window.location.pathname === url) return
  notifications.show({
    id: `job-${id}`,
    title,
    message: (
      <>
        {body}{' '}
        <Anchor component={Link} href={url} size="sm">
          Show it
        </Anchor>
      </>
    ),
    color: isGood ? 'green.9' : 'red.9',
    autoClose: isGood ? 10_000 : false,
  })
}
