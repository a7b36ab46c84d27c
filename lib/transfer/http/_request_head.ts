import { Buffer } from "node:buffer";

/** Header fields that only the transport may set. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Encode the head of a GET request.
 *
 * @param url The requested URL
 * @param headers The caller's header fields
 * @returns The head with its blank line, Latin-1
 * @throws {TypeError} If a field is invalid, repeated or reserved; the message contains no value
 */
export function requestHead(url: URL, headers: Readonly<Record<string, string>>): Uint8Array {
  const lines = [`GET ${url.pathname}${url.search} HTTP/1.1`, `host: ${url.host}`, "connection: keep-alive"];
  const names = new Set<string>();
  for (const [key, value] of Object.entries(headers)) {
    const name = key.toLowerCase();
    if (!/^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(name)) {
      throw new TypeError(`Cannot send header "${key}": the name is not valid`);
    }
    if (OWN_FIELDS.has(name)) throw new TypeError(`Cannot send header "${key}": the transport sets it`);
    if (names.has(name)) throw new TypeError(`Cannot send header "${key}": it occurs twice`);
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw new TypeError(`Cannot send header "${key}": the value is not valid`);
    }
    names.add(name);
    lines.push(`${name}: ${value}`);
  }
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}
