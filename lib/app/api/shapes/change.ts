import { z } from "zod";

const count = z.int().min(0);
const time = z.iso.datetime();
const skipped = z.array(z.strictObject({
  path: z.string(),
  reason: z.string().describe("Words that follow the path"),
}));

/** What of a model is to be forgotten. */
export const forgetRequestSchema = z.strictObject({
  keepFiles: z.boolean().default(false).describe("Leave the files where they are; only fetch nothing of it any more"),
});

/** What of a model is to be forgotten. */
export type ForgetRequest = z.infer<typeof forgetRequestSchema>;

/** A change of the library that can be undone. */
export const changeSchema = z.strictObject({
  id: z.int(),
  command: z.string(),
  title: z.string(),
  createdAt: time,
  state: z.enum(["applying", "applied", "undoing", "undone"]),
  changedAt: time,
  files: count.describe("Files that it moved"),
  bytes: count,
  trashBytes: count.describe("Bytes in the trash"),
  keptUntil: z.iso.date().nullable().describe("Day until which the trash has its files; null if it has none"),
  emptiedAt: time.nullable().describe("When its trash was emptied"),
  leftOut: skipped.describe("Files that were not moved, such as those that the trash has no more"),
});

/** A change of the library that can be undone. */
export type ChangeDocument = z.infer<typeof changeSchema>;

/** The changes, the newest first. */
export const changesSchema = z.strictObject({ changes: z.array(changeSchema) });

/** What was forgotten. */
export const forgottenSchema = z.strictObject({
  change: changeSchema.nullable().describe("The change, which can be undone; null if there was nothing to do"),
  files: count.describe("Files that went into the trash"),
  bytes: count,
  kept: skipped.describe("Files that stay, because they are not those that were downloaded any more"),
});

/** What was forgotten. */
export type Forgotten = z.infer<typeof forgottenSchema>;
