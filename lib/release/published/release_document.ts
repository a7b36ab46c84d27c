import * as z from "zod";
import { KitError } from "../../base/mod.ts";

/** Name of the file that describes a release. */
export const DOCUMENT_NAME = "release.json";

/** What a release says about itself in `release.json`, whose checksum is signed with the others. */
export interface ReleaseDocument {
  /** The tag, such as `v1.1.0`. */
  readonly tag: string;
  /** Full hash of the tag's commit. */
  readonly commit: string;
  /** Version of the catalogs that it reads and writes. */
  readonly catalogVersion: number;
  /** The programs of the release, with their sizes. */
  readonly files: readonly { readonly name: string; readonly sizeBytes: number }[];
}

// Not strict: programs that are installed today must read the releases of later years.
const documentSchema = z.object({
  schema: z.literal("civitai-dl/release"),
  version: z.literal(1),
  tag: z.string().max(100),
  commit: z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/),
  catalogVersion: z.int().min(1),
  files: z.array(z.object({ name: z.string().max(200), sizeBytes: z.int().min(1) })).max(100),
});

/** Serialize the description of a release. */
export function formatReleaseDocument(document: ReleaseDocument): string {
  return `${JSON.stringify({ schema: "civitai-dl/release", version: 1, ...document }, null, 2)}\n`;
}

/**
 * Parse the description of a release, after its checksum has been compared.
 *
 * @param text The content of `release.json`
 * @param tag The tag of the release, for messages
 * @returns The description
 * @throws {KitError} `failed` if a newer program is needed to read it
 */
export function parseReleaseDocument(text: string, tag: string): ReleaseDocument {
  const result = documentSchema.safeParse(parseJson(text));
  if (result.success) {
    const { tag, commit, catalogVersion, files } = result.data;
    return { tag, commit, catalogVersion, files };
  }
  const { path, message } = result.error.issues[0]!;
  throw new KitError("failed", `Cannot read ${DOCUMENT_NAME} of ${tag}: "${path.join(".")}": ${message}`, {
    hint: "The release may need a newer program: install it by hand, see docs/packaging.md",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema then says what is missing.
    return null;
  }
}
