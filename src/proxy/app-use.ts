import type { Ide } from '../ides/ide.ts'

/**
 * What tells that somebody is at work in a web app: all but reading by the page's own scripts (Fetch Metadata, Sec-Fetch-Dest
 * `empty`), which goes on in a tab that is forgotten, such as TensorBoard's.
 */
export const APP_USE: Pick<Ide, 'isUse' | 'isUseFrame'> = {
  isUse: ({ method, destination }) =>
    (method !== 'GET' && method !== 'HEAD') || destination !== 'empty',
  isUseFrame: () => true,
}
