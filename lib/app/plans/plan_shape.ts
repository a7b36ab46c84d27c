import { z } from "zod";

const count = z.int().nonnegative();
const amount = z.strictObject({ count, bytes: count });

const plannedFileSchema = z.strictObject({
  key: z.string().describe("Key of the file, for `except.files` of the queue"),
  name: z.string(),
  bytes: count.nullable().describe("Stated size; null if unknown"),
  replaces: z.boolean().describe("Whether it replaces a file of the library that Civitai has replaced"),
});

const plannedVersionSchema = z.strictObject({
  id: z.int(),
  name: z.string(),
  base: z.string().describe("Base model; empty if unknown"),
  files: z.array(plannedFileSchema),
  images: amount.describe("Previews and gallery; Civitai does not state their sizes"),
});

const plannedModelSchema = z.strictObject({
  id: z.int(),
  name: z.string(),
  type: z.string(),
  creator: z.string().nullable(),
  versions: z.array(plannedVersionSchema),
});

/** A plan by name: what would be fetched, what not and why, and whether there is room for it. */
export const planSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(["download", "update"]),
  targets: z.array(z.string()).describe("The targets that could be read, each once, as the queue takes them"),
  addedAt: z.iso.datetime().describe("When it was asked for"),
  state: z.enum(["running", "ready", "failed"]),
  problem: z.strictObject({
    code: z.string().describe("Code of the error, as in a problem of a request"),
    detail: z.string(),
    hint: z.string().nullable(),
  }).nullable().describe("Why there is no plan; null unless it failed"),
  listed: count.describe("Models that were listed so far"),
  models: z.array(plannedModelSchema).describe(
    "Models with something to fetch, in the order in which they were planned",
  ),
  truncated: count.describe("Further models with something to fetch, which are not named; `wanted` includes them"),
  posted: z.array(z.strictObject({ name: z.string().nullable(), images: amount }))
    .describe("Images to fetch that belong to no model, by who posted them"),
  refused: z.array(z.strictObject({
    name: z.string(),
    reason: z.string(),
    code: z.string().describe("early-access, login, forbidden, archived, removed, disabled, region or flagged"),
  })).describe("What is not available now; at most 1000"),
  refusedCount: count,
  problems: z.array(z.strictObject({ target: z.string(), message: z.string() }))
    .describe("Targets and entries that could not be planned; at most 1000"),
  there: amount.describe("What is in the library already, unchanged"),
  wanted: z.strictObject({ files: count, images: count, bytes: count }),
  nothing: z.string().nullable().describe("Why there is nothing to fetch; null if there is something"),
  freeBytes: count.describe("Free on the disk of the library; 0 until the plan is ready"),
  reserveBytes: count.describe("How much of it stays free; 0 until the plan is ready"),
  quota: z.strictObject({
    links: z.strictObject({ left: count, limit: count }).nullable(),
    bytes: z.strictObject({ left: count, limit: count }).nullable(),
  }).describe("What is left of the limits of 24 hours; null without a limit"),
});

/** A plan by name: what would be fetched, what not and why, and whether there is room for it. */
export type Plan = z.infer<typeof planSchema>;
/** A model of a {@linkcode Plan}. */
export type PlannedModel = z.infer<typeof plannedModelSchema>;
