/**
 * Scope of an IP address: `loopback` is this machine, `private` a local network, `link-local` one link, `unspecified`
 * no particular address, `multicast` a group, `reserved` a range without hosts, and `public` the internet.
 */
export type AddressKind =
  | "loopback"
  | "private"
  | "link-local"
  | "unspecified"
  | "multicast"
  | "reserved"
  | "public";

/** Maximum length of a host name (RFC 1035); no address is longer. */
const MAX_LENGTH = 255;

type Range = readonly [prefix: string, bits: number, kind: AddressKind];

/**
 * IANA's special-purpose registry (RFC 6890). If ranges overlap, the first one applies. Shared address space
 * (100.64.0.0/10) counts as private.
 */
const IPV4_RANGES: readonly Range[] = [
  ["0.0.0.0", 32, "unspecified"],
  ["0.0.0.0", 8, "reserved"],
  ["10.0.0.0", 8, "private"],
  ["100.64.0.0", 10, "private"],
  ["127.0.0.0", 8, "loopback"],
  ["169.254.0.0", 16, "link-local"],
  ["172.16.0.0", 12, "private"],
  ["192.0.0.0", 24, "reserved"],
  ["192.0.2.0", 24, "reserved"],
  ["192.88.99.0", 24, "reserved"],
  ["192.168.0.0", 16, "private"],
  ["198.18.0.0", 15, "reserved"],
  ["198.51.100.0", 24, "reserved"],
  ["203.0.113.0", 24, "reserved"],
  ["224.0.0.0", 4, "multicast"],
  ["240.0.0.0", 4, "reserved"],
];

/**
 * Same as IPV4_RANGES, for IPv6. Only 2000::/3 is public; classifyIpv6() handles addresses that contain an IPv4
 * address, such as those of NAT64, before this table.
 */
const IPV6_RANGES: readonly Range[] = [
  ["::", 128, "unspecified"],
  ["::1", 128, "loopback"],
  ["64:ff9b:1::", 48, "private"],
  ["2001::", 23, "reserved"],
  ["2001:db8::", 32, "reserved"],
  ["3fff::", 20, "reserved"],
  ["2000::", 3, "public"],
  ["fc00::", 7, "private"],
  ["fe80::", 10, "link-local"],
  ["fec0::", 10, "private"],
  ["ff00::", 8, "multicast"],
  ["::", 0, "reserved"],
];

/** Number of remembered hosts at which all are forgotten, to bound their memory. */
const MAX_HOSTS = 1000;
/** Kinds of the hosts that were asked for; a run asks for the same few thousands of times. */
const knownKinds = new Map<string, AddressKind | null>();

/**
 * Classify a host that is an IP address. IPv4 is parsed as the system's resolver parses it: `127.1`, `0x7f000001`,
 * `2130706433` and `0177.0.0.1` are 127.0.0.1. An IPv6 address that contains an IPv4 address (IPv4-mapped, NAT64 or
 * 6to4) is classified by that IPv4 address. NAT64 and 6to4 lead to another machine, so these addresses are never
 * loopback.
 *
 * @param host A host as in `URL.hostname`, or an address as reported by the operating system. IPv6 may have brackets
 * and a zone
 * @returns The kind of address; `null` if the host is a name or longer than 255 characters
 */
export function classifyAddress(host: string): AddressKind | null {
  if (host.length > MAX_LENGTH) return null;
  const known = knownKinds.get(host);
  if (known !== undefined) return known;
  if (knownKinds.size >= MAX_HOSTS) knownKinds.clear();
  const kind = parseKind(host);
  knownKinds.set(host, kind);
  return kind;
}

function parseKind(host: string): AddressKind | null {
  const isBracketed = host.startsWith("[") && host.endsWith("]");
  const text = (isBracketed ? host.slice(1, -1) : host).replace(/%.*$/, "");
  const wide = parseIpv6(text);
  if (wide !== null) return classifyIpv6(wide);
  const address = isBracketed ? null : parseIpv4(host);
  return address === null ? null : kindOf(address, IPV4_RANGES);
}

/**
 * Check whether a host is this machine: a loopback address in any notation, `localhost`, or a subdomain of it (RFC
 * 6761).
 *
 * @param host As for {@linkcode classifyAddress}
 * @returns Whether requests to the host can only reach this machine
 */
export function isLoopback(host: string): boolean {
  return classifyAddress(host) === "loopback" || /^(?:[^.]+\.)*localhost\.?$/i.test(host);
}

function kindOf(address: bigint, ranges: readonly Range[]): AddressKind {
  return ranges.find(([prefix, bits]) => isWithin(address, prefix, bits))?.[2] ?? "public";
}

function isWithin(address: bigint, prefix: string, bits: number): boolean {
  const isNarrow = !prefix.includes(":");
  const shift = BigInt((isNarrow ? 32 : 128) - bits);
  return address >> shift === (isNarrow ? parseIpv4(prefix)! : parseIpv6(prefix)!) >> shift;
}

function classifyIpv6(address: bigint): AddressKind {
  const low = address & 0xffff_ffffn;
  if (isWithin(address, "::ffff:0:0", 96)) return kindOf(low, IPV4_RANGES);
  if (isWithin(address, "64:ff9b::", 96)) return kindOfEmbedded(low);
  if (isWithin(address, "2002::", 16)) return kindOfEmbedded(address >> 80n & 0xffff_ffffn);
  return kindOf(address, IPV6_RANGES);
}

/**
 * Classify an IPv4 address that a translator or relay elsewhere connects to. An address that is local to a machine,
 * such as loopback, would refer to that other machine, so it counts as reserved.
 */
function kindOfEmbedded(address: bigint): AddressKind {
  const kind = kindOf(address, IPV4_RANGES);
  return kind === "public" || kind === "private" || kind === "link-local" ? kind : "reserved";
}

/** Parse one to four numbers as `inet_aton` does: the last number fills all remaining bytes. */
function parseIpv4(text: string): bigint | null {
  const parts = text.replace(/\.$/, "").split(".");
  if (parts.length > 4 || !parts.every((part) => /^(?:0x[0-9a-f]+|0[0-7]*|[1-9]\d*)$/i.test(part))) return null;
  const numbers = parts.map((part) => BigInt(/^0\d/.test(part) ? `0o${part.slice(1)}` : part));
  const last = numbers.pop()!;
  if (numbers.some((number) => number > 255n) || last >= 1n << BigInt(8 * (4 - numbers.length))) return null;
  const high = numbers.reduce((sum, number) => (sum << 8n) + number, 0n);
  return (high << BigInt(8 * (4 - numbers.length))) + last;
}

/** Parse eight groups, of which `::` leaves out some; the last two may be written as an IPv4 address. */
function parseIpv6(text: string): bigint | null {
  // `URL` checks the address, and normalizes an IPv4 tail to two groups.
  const url = /^[0-9a-f:.]+$/i.test(text) ? URL.parse(`http://[${text}]/`) : null;
  if (url === null) return null;
  const [left = "", right] = url.hostname.slice(1, -1).split("::");
  const groups = (part: string | undefined) => part ? part.split(":").map((group) => BigInt(`0x${group}`)) : [];
  const head = groups(left);
  const tail = groups(right);
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => 0n);
  return [...head, ...zeros, ...tail].reduce((sum, group) => (sum << 16n) + group, 0n);
}
