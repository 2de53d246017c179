import ipaddr from 'ipaddr.js'

/** Azure's agent for virtual machines, which has an address of the public range. */
const METADATA = '168.63.129.16'
/** Of all of IPv6 only this is given out for the public (RFC 4291). */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3')

/**
 * True for an address that belongs to the public Internet: not to this machine, a private network, a link, a cloud's metadata
 * service, a group, or a form that stands for another address, such as an IPv4 address within IPv6. False for what is none.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text) || text === METADATA) return false
  // An IPv4 address in an old form, such as 0177.1, is not what others read it as.
  if (!text.includes(':') && !ipaddr.IPv4.isValidFourPartDecimal(text)) return false
  const address = ipaddr.parse(text)
  if (address.range() !== 'unicast') return false
  return address.kind() === 'ipv4' || address.match(GLOBAL_IPV6)
}
