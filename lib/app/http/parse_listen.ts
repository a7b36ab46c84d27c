import { isIPv4, isIPv6 } from "node:net";

/** Where a server listens. */
export interface ListenAddress {
  /** A host name or an IP address, the latter without brackets. */
  readonly hostname: string;
  /** 0 to 65535; 0 selects a free port. */
  readonly port: number;
}

/**
 * Parse a listen address: `127.0.0.1:9847`, `[::1]:9847`, `localhost:9847`, or only a port, for 127.0.0.1.
 *
 * @throws {SyntaxError} If the text is not a valid listen address
 */
export function parseListen(text: string): ListenAddress {
  const refused = (why: string): SyntaxError =>
    new SyntaxError(`Cannot listen on "${text}": ${why}; write ADDRESS:PORT, such as 127.0.0.1:9847 or [::1]:9847`);
  const match = /^(?:(?:\[([^\]]*)\]|([^:[\]]+)):)?(\d{1,5})$/.exec(text.trim());
  if (match === null) throw refused(isIPv6(text.trim()) ? "an IPv6 address needs brackets" : "it is not an address");
  const [, bracketed, plain, digits] = match;
  const port = Number(digits);
  if (port > 65_535) throw refused("the port is above 65535");
  if (bracketed !== undefined && !isIPv6(bracketed)) throw refused(`"${bracketed}" is not an IPv6 address`);
  const hostname = bracketed ?? plain ?? "127.0.0.1";
  if (/^[\d.]+$/.test(hostname) && !isIPv4(hostname)) throw refused(`"${hostname}" is not an IPv4 address`);
  if (!/^[\w.:-]+$/.test(hostname)) throw refused(`"${hostname}" is not a host name`);
  return { hostname: hostname.toLowerCase(), port };
}
