import type { IdeContext } from './ide.ts'
import { shellQuote } from './shell-quote.ts'

/** Shell lines that set `home`, and `folder` to what the IDE opens: the home where the folder that was asked for is not there. */
export function folderLines({
  home,
  folder,
}: Pick<IdeContext, 'home' | 'folder'>): readonly string[] {
  const lines = [`home=${shellQuote(home)}`]
  if (folder === undefined || folder === null || folder === home) return [...lines, 'folder=$home']
  return [
    ...lines,
    `folder=${shellQuote(folder)}`,
    'if [ ! -d "$folder" ]; then',
    '  echo "There is no folder $folder, or you may not enter it. The home is opened." >&2',
    '  folder=$home',
    'fi',
  ]
}
