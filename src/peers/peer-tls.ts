import { readFileSync } from 'node:fs'

/** What nodes show each other where they speak TLS: this node's certificate and key, and who signs those of all, in PEM. */
export interface PeerTls {
  readonly cert: string
  readonly key: string
  readonly ca: string
}

/** Reads the three files; throws what reading them throws. */
export function readPeerTls(files: {
  readonly certificate: string
  readonly key: string
  readonly ca: string
}): PeerTls {
  const read = (file: string): string => readFileSync(file, 'utf8')
  return { cert: read(files.certificate), key: read(files.key), ca: read(files.ca) }
}
