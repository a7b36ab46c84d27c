import { ConfigError } from "./config_error.ts";

/**
 * Decode a configuration file. It must be UTF-8: a byte of another encoding would silently become another letter.
 *
 * @param bytes The content of the file
 * @param file The path that messages name
 * @returns The text, without a byte order mark
 * @throws {ConfigError} With line and column of the first byte that is not UTF-8
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
  const at = findInvalid(bytes);
  const lines = new TextDecoder().decode(bytes.subarray(0, at)).split("\n");
  const byte = bytes[at]!;
  // As the encoding reads it that such files mostly have.
  const letter = new TextDecoder("windows-1252").decode(Uint8Array.of(byte));
  throw new ConfigError(file, [{
    line: lines.length,
    column: lines.at(-1)!.length + 1,
    message: `the byte 0x${byte.toString(16).padStart(2, "0")} is no UTF-8`,
    hint: byte < 0xa0 ? "Save the file as UTF-8" : `Save the file as UTF-8; in Latin-1 that byte is "${letter}"`,
  }]);
}

/** The index of the first byte that no UTF-8 text goes on with. */
function findInvalid(bytes: Uint8Array): number {
  // All prefixes up to the byte are valid, all longer ones are not.
  let sound = 0;
  let broken = bytes.length + 1;
  while (broken - sound > 1) {
    const middle = Math.floor((sound + broken) / 2);
    if (isBegin(bytes.subarray(0, middle))) sound = middle;
    else broken = middle;
  }
  return startOfCharacter(bytes, Math.min(sound, bytes.length - 1));
}

function isBegin(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** A byte that should have gone on with a character is where it is seen; the character's first byte is what is wrong. */
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
