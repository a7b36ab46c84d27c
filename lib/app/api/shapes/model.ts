import { z } from "zod";
import type { RichText } from "../../../library/mod.ts";

/** Text of a creator. JSON Schema cannot describe the tree without names for its parts. */
const richTextSchema = z.custom<RichText>().describe(
  "A list of strings and elements, each { tag, href?, children }: p, br, h3, ul, ol, li, b, i, code, pre, a, hr, blockquote",
);

/** A file of a version. */
export const modelFileSchema = z.strictObject({
  key: z.string().describe("Key of the file, by which it can be left out of a plan"),
  id: z.int(),
  name: z.string(),
  type: z.string().nullable().describe("Purpose of the file: Model, VAE, Config, …"),
  path: z.string().nullable().describe("Path relative to the library; null if it is not planned"),
  bytes: z.number().nullable().describe("Size on disk, or the size that Civitai states"),
  state: z.enum(["planned", "done", "deferred", "refused", "failed", "corrupted", "absent"]).describe(
    "State in the catalog; absent: Civitai has the file, the library does not want it",
  ),
  outcome: z.string().nullable(),
  reason: z.string().nullable(),
  sha256: z.string().nullable().describe("SHA-256 of the file on disk"),
  hashes: z.record(z.string(), z.string()).describe("Hashes that Civitai publishes, by kind"),
  doneAt: z.string().nullable(),
  removedAt: z.string().nullable().describe(
    "When it was found that Civitai no longer has it, its version or its model",
  ),
});

/** A picture of a version. */
export const modelPictureSchema = z.strictObject({
  id: z.int(),
  src: z.string().describe("Path below /previews/"),
  width: z.number().nullable(),
  height: z.number().nullable(),
  hash: z.string().nullable().describe("Blurhash"),
  level: z.int().describe("Bits of maturity"),
  isVideo: z.boolean(),
  prompt: z.string().nullable(),
  negative: z.string().nullable().describe("Negative prompt"),
  meta: z.record(z.string(), z.string()).describe("Settings that the picture was generated with"),
});
/** A picture of a version. */
export type ModelPicture = z.infer<typeof modelPictureSchema>;

/** A version of a model. */
export const modelVersionSchema = z.strictObject({
  id: z.int(),
  name: z.string(),
  base: z.string(),
  publishedAt: z.string().nullable(),
  words: z.array(z.string()).describe("Trigger words"),
  description: richTextSchema,
  held: z.boolean().describe("Whether a file of it is in the library"),
  url: z.string(),
  removedAt: z.string().nullable().describe(
    "When it was found that Civitai no longer has it, although it has the model",
  ),
  files: z.array(modelFileSchema),
  pictures: z.array(modelPictureSchema),
});

/** All that the library knows of a model. */
export const modelSchema = z.strictObject({
  id: z.int(),
  name: z.string(),
  type: z.string(),
  creator: z.string().nullable(),
  tags: z.array(z.string()),
  level: z.int().describe("Bits of maturity"),
  url: z.string().describe("Its page on Civitai"),
  removedAt: z.string().nullable().describe("When it was found that Civitai no longer has it"),
  description: richTextSchema,
  permissions: z.strictObject({
    credit: z.boolean().nullable().describe("Whether the creator must be named"),
    commercial: z.array(z.string()).nullable().describe(
      "Commercial uses that are allowed: Image, RentCivit, Rent, Sell",
    ),
    derivatives: z.boolean().nullable().describe("Whether merges may be shared"),
    relicense: z.boolean().nullable().describe("Whether merges may have other permissions"),
  }),
  folder: z.string().nullable().describe("Folder of its files, relative to the library"),
  bytes: z.number().describe("Size of the files that are held"),
  versions: z.array(modelVersionSchema),
});
/** All that the library knows of a model. */
export type ModelPage = z.infer<typeof modelSchema>;
