// deno-lint-ignore-file no-control-regex -- the expression matches control characters
/** Control characters other than tab, line breaks and ESC, and what the decoder puts in place of invalid bytes. */
const ALIEN = /[\x01-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f\ufffd]/g;

/**
 * Whether bytes are not text: more than a tenth of the characters are none that a log contains. NUL bytes do not count,
 * because a crash of the machine leaves holes of them in a log.
 *
 * @param bytes The start of a file
 */
export function isBinary(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes).replaceAll("\0", "");
  return text.length > 0 && (text.match(ALIEN)?.length ?? 0) > text.length / 10;
}
