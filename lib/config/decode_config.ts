import { ConfigError } from "./config_error.ts";

/**
 * Decode a configuration file. It must be UTF-8: a byte in another encoding would silently become another character.
 *
 * @returns The text, without a byte order mark
 * @throws {ConfigError} With the line and column of the first byte that is not valid UTF-8
 */
export function decodeConfig(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new ConfigError(file, [{ line: 1, column: 1, message: "the file is UTF-16", hint: "Save it as UTF-8" }]);
  }
  const offset = findInvalid(bytes);
  const lines = new TextDecoder().decode(bytes.subarray(0, offset)).split("\n");
  const byte = bytes[offset]!;
  // Most files that are not UTF-8 are Windows-1252.
  const letter = new TextDecoder("windows-1252").decode(Uint8Array.of(byte));
  throw new ConfigError(file, [{
    line: lines.length,
    column: lines.at(-1)!.length + 1,
    message: `the byte 0x${byte.toString(16).padStart(2, "0")} is not valid UTF-8`,
    hint: byte < 0xa0 ? "Save the file as UTF-8" : `Save the file as UTF-8; in Latin-1 that byte is "${letter}"`,
  }]);
}

/** Find the first byte that makes the text invalid. */
function findInvalid(bytes: Uint8Array): number {
  // Binary search: all prefixes up to that byte are valid, all longer ones are not.
  let valid = 0;
  let invalid = bytes.length + 1;
  while (invalid - valid > 1) {
    const middle = Math.floor((valid + invalid) / 2);
    if (isValidPrefix(bytes.subarray(0, middle))) valid = middle;
    else invalid = middle;
  }
  return startOfCharacter(bytes, Math.min(valid, bytes.length - 1));
}

function isValidPrefix(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** Decoding fails at the byte that does not continue a character. Find the first byte of that character instead. */
function startOfCharacter(bytes: Uint8Array, index: number): number {
  for (let start = index; start >= 0 && start > index - 4; start--) {
    if (isComplete(bytes.subarray(0, start))) return start;
  }
  return index;
}

function isComplete(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}
