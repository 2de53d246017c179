import { readFileSync } from 'node:fs'

/** What nodes show each other where they speak TLS: this node's certificate and key, and who signs those of all, in PEM. */
export interface PeerTls {
  readonly cert: string
  readonly key: string
  readonly ca: string
}

/** The keys of the configuration that decide about it. */
export interface PeerFiles {
  readonly port?: number | undefined
  readonly certificate_file?: string | undefined
  readonly key_file?: string | undefined
  readonly ca_file?: string | undefined
}

/**
 * Reads the files; undefined if none is configured. Throws what reading them throws, and a sentence if one of them or the
 * port is missing, as nodes would then speak without TLS unnoticed.
 */
export function readPeerTls(config: {
  readonly peer: PeerFiles
}): (PeerTls & { readonly port: number }) | undefined {
  const { port, certificate_file: certificate, key_file: key, ca_file: ca } = config.peer
  if ([port, certificate, key, ca].every((each) => each === undefined)) return undefined
  if (port === undefined || certificate === undefined || key === undefined || ca === undefined) {
    throw new Error('peer.port, peer.certificate_file, peer.key_file and peer.ca_file go together.')
  }
  const read = (file: string): string => readFileSync(file, 'utf8')
  return { port, cert: read(certificate), key: read(key), ca: read(ca) }
}
