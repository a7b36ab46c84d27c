import { checkStructure } from "./_check_structure.ts";
import { readAt } from "../read_at.ts";
import { expectedFormats } from "./expected_formats.ts";
import { type FileFormat, sniffFormat } from "./sniff_format.ts";
import { splitName } from "../naming/split_name.ts";

/** Options of {@linkcode inspectFile}. */
export interface InspectFileOptions {
  /**
   * Name that the file will have; its extension determines which formats are allowed.
   *
   * @default {path}
   */
  readonly name?: string | undefined;
}

/** Result of an inspection. */
export interface Inspection {
  /** Format by the file's bytes. */
  readonly format: FileFormat;
  /** Why the file cannot be what its name promises; `null` if it can. */
  readonly problem: string | null;
}

const HEAD_BYTES = 4096;

/**
 * Check whether a file is what its name promises. Reads its first bytes, the header of a safetensors file, and the end
 * of a ZIP. Reads a picture, video or sound up to its end.
 *
 * @param path The file; its name on disk does not matter if `name` is given
 * @param options Name that the file will have
 * @returns Its format, and the problem if there is one
 */
export async function inspectFile(path: string, options: InspectFileOptions = {}): Promise<Inspection> {
  const { name = path } = options;
  using file = openToRead(path);
  const { size } = file.statSync();
  const head = await readAt(file, 0, HEAD_BYTES);
  const format = refine(sniffFormat(head), name);
  if (size === 0) return { format, problem: "it is empty" };
  const expected = expectedFormats(name);
  if (expected === null) {
    return { format, problem: isPage(format, name) ? pageProblem(format) : await checkStructure(file, format, size) };
  }
  if (expected.includes(format)) return { format, problem: await checkStructure(file, format, size) };
  if (isPage(format, name)) return { format, problem: pageProblem(format) };
  // For a safetensors file with a damaged header, the missing header is a better description than the unknown format.
  const detail = expected[0] === "safetensors" && format === "unknown" ? "it has no safetensors header" : null;
  return { format, problem: detail ?? `it is ${describe(format)}, its name promises ${expected.join(" or ")}` };
}

/** Synchronous: the file was written a moment ago, and handing each call to another thread costs more than the call. */
function openToRead(path: string): Deno.FsFile {
  return Deno.openSync(path, { read: true });
}

/** Whether the content is a page that a server sent instead of the file; false if the name promises a page. */
function isPage(format: FileFormat, name: string): boolean {
  if (format === "html") return !/\.(?:html?|xml|svg)$/i.test(name);
  return format === "json" && splitName(name).ext !== "" && !/\.(?:json|info|txt|ya?ml)$/i.test(name);
}

function pageProblem(format: FileFormat): string {
  return `it is ${format === "html" ? "an HTML or XML" : "a JSON"} page, not a file: an error or login page`;
}

function describe(format: FileFormat): string {
  return format === "unknown" ? "of no known format" : format;
}

function refine(format: FileFormat, name: string): FileFormat {
  return format === "text" && /\.ya?ml$/i.test(name) ? "yaml" : format;
}
