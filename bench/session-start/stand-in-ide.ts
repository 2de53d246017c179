#!/usr/bin/env node
// An IDE that is ready at once, in the place of JupyterLab. It notes when it was executed and when it could answer.
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { standInMoments } from './stand-in-moments.ts'

const option = (name: string) =>
  process.argv.find((argument) => argument.startsWith(`--ServerApp.${name}=`))?.split('=')[1]
const socket = option('sock')
const [, , session] = option('base_url')?.split('/') ?? []

// As real IDEs are told to: whoever may pass to it may use it.
const place = { path: socket, readableAll: true, writableAll: true }
createServer((_request, response) => response.end('{}')).listen(place, () => {
  const moments = {
    executed: performance.timeOrigin,
    answering: performance.timeOrigin + performance.now(),
  }
  writeFileSync(standInMoments(process.argv[2] ?? '', session ?? ''), JSON.stringify(moments))
})
