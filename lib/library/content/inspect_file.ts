import { checkStructure } from "./_check_structure.ts";
import { readAt } from "./read_at.ts";
import { expectedFormats } from "./expected_formats.ts";
import { type FileFormat, sniffFormat } from "./sniff_format.ts";
import { splitName } from "../naming/split_name.ts";

/** Options of {@linkcode inspectFile}. */
export interface InspectFileOptions {
  /**
   * The name that the file is to have, whose extension says what it must be.
   *
   * @default {path}
   */
  readonly name?: string | undefined;
}

/** What a file turned out to be. */
export interface Inspection {
  /** By its bytes. */
  readonly format: FileFormat;
  /** Why it cannot be what its name promises; `null` if it can. */
  readonly problem: string | null;
}

const HEAD_BYTES = 4096;

/**
 * Ask whether a file is what its name promises, from its head and, for ZIP, its end, without reading the rest.
 *
 * @param path The file, whatever it is called on disk
 * @param options The name that it is to have
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
  // A damaged header is told better by the reader of the format that was promised.
  const detail = expected[0] === "safetensors" && format === "unknown" ? "it has no safetensors header" : null;
  return { format, problem: detail ?? `it is ${describe(format)}, its name promises ${expected.join(" or ")}` };
}

/** Synchronous: it was written a moment ago, and each hand-over to another thread costs more than the call. */
function openToRead(path: string): Deno.FsFile {
  return Deno.openSync(path, { read: true });
}

/** A server's page instead of a file, unless the name promises just that. */
function isPage(format: FileFormat, name: string): boolean {
  if (format === "html") return !/\.(?:html?|xml|svg)$/i.test(name);
  return format === "json" && splitName(name).ext !== "" && !/\.(?:json|info|txt|ya?ml)$/i.test(name);
}

function pageProblem(format: FileFormat): string {
  return `it is a page of ${format === "html" ? "HTML or XML" : "JSON"}, not a file: an error or a login`;
}

function describe(format: FileFormat): string {
  return format === "unknown" ? "of no known format" : format;
}

function refine(format: FileFormat, name: string): FileFormat {
  return format === "text" && /\.ya?ml$/i.test(name) ? "yaml" : format;
}
