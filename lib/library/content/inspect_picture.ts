import { inspectFile, type Inspection } from "./inspect_file.ts";
import { isMediaFormat } from "../pictures/sniff_image.ts";

/**
 * Check the bytes of a file to find out whether it is a complete picture, video or sound. The extension that the API
 * gives is only a guess.
 *
 * @param path The file
 * @returns Its format, and the problem if it is something else or incomplete
 */
export async function inspectPicture(path: string): Promise<Inspection> {
  const { format, problem } = await inspectFile(path, { name: "picture.bin" });
  if (problem !== null || isMediaFormat(format)) return { format, problem };
  return { format, problem: `it is ${format === "unknown" ? "" : `${format}, `}not a picture, video or sound` };
}
