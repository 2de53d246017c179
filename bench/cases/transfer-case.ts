import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ContenderName } from '../contenders/contender.ts'
import { download, type Transfer, upload } from '../load/curl.ts'
import { BIG_BYTES } from '../upstream/upstream.ts'
import type { BenchCase, BenchContext } from './bench-case.ts'
import { inRounds, type Measured } from './rounds.ts'

const NAMES: readonly ContenderName[] = ['atelier', 'configurable-http-proxy', 'nginx', 'direct']

/** One GiB from the upstream to curl. */
export const downloadCase: BenchCase = {
  name: 'download',
  async run(context) {
    const { id } = context.contenders.upstreams.files
    const series = await inRounds(once(context), NAMES, async ({ portOf, headers }) =>
      measured(await download(`http://127.0.0.1:${portOf(id)}/s/${id}/big`, headers, BIG_BYTES)),
    )
    const title = 'download: GET of 1 GiB by one curl'
    return { benchmark: 'download', title, unit: 'transfers', series, figures: [] }
  },
}

/** One GiB from curl to the upstream. */
export const uploadCase: BenchCase = {
  name: 'upload',
  async run(context) {
    const { id } = context.contenders.upstreams.echo
    const file = join(context.workplace.folder('upload'), 'big')
    writeFileSync(file, '')
    truncateSync(file, BIG_BYTES)
    const series = await inRounds(once(context), NAMES, async ({ portOf, headers }) =>
      measured(
        await upload(`http://127.0.0.1:${portOf(id)}/s/${id}/upload`, headers, file, BIG_BYTES),
      ),
    )
    const title = 'upload: PUT of 1 GiB by one curl'
    return { benchmark: 'upload', title, unit: 'transfers', series, figures: [] }
  },
}

function measured({ seconds, bytes }: Transfer): Measured {
  const perSecond = 1 / seconds
  return { count: 1, sample: { perSecond, mebibytesPerSecond: (perSecond * bytes) / 1024 ** 2 } }
}

/** One transfer is enough to be warm: it has thousands of chunks. */
function once(context: BenchContext): BenchContext {
  return { ...context, effort: { ...context.effort, warmUpSeconds: 0, warmUpCount: 1 } }
}
