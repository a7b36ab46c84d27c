import { fileEndingOf } from "./file_endings.ts";
import type { FileFormat } from "./sniff_format.ts";

/**
 * Return the formats that a file may have, by the extension of its name. A picture may have the extension of any
 * picture format, since the API gives only the media type; the same holds for videos and sounds.
 *
 * @param name File name
 * @returns The formats; `null` if the extension implies none
 */
export function expectedFormats(name: string): readonly FileFormat[] | null {
  return fileEndingOf(name)?.formats ?? null;
}
