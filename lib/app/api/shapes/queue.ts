import { z } from "zod";
import { choiceSchema } from "./choice.ts";

/** Longest title, in characters. */
const MAX_TITLE = 200;
/** Longest target, in characters. */
const MAX_TARGET = 2048;
const MAX_TARGETS = 100_000;

const count = z.int().min(0);
const time = z.iso.datetime();
const kind = z.enum(["download", "update", "verify", "repair"]);

/** What to leave out by its id. */
export const exceptSchema = z.strictObject({
  models: z.array(z.int().positive()).max(MAX_TARGETS).default([]),
  versions: z.array(z.int().positive()).max(MAX_TARGETS).default([]),
  files: z.array(z.string().regex(/^file:\d+:\d+$/)).max(MAX_TARGETS).default([]).describe("Keys of files"),
});

/** A request for an entry. */
export const queueRequestSchema = z.strictObject({
  kind: kind.default("download"),
  targets: z.array(z.string().trim().min(1).max(MAX_TARGET)).max(MAX_TARGETS)
    .describe("What download takes; for the other kinds model:ID, or nothing for the whole library"),
  choice: choiceSchema.optional(),
  except: exceptSchema.optional(),
  title: z.string().trim().min(1).max(MAX_TITLE).optional(),
});

/** A request for an entry. */
export type QueueRequestBody = z.infer<typeof queueRequestSchema>;

/** A request for an entry, as a client writes it. */
export type QueueRequest = z.input<typeof queueRequestSchema>;

/** How far an entry is. */
export const progressSchema = z.strictObject({
  phase: z.enum(["listing", "fetching", "checking"]),
  files: count.describe("Files of the plan; while it lists, models found so far"),
  filesDone: count,
  bytes: count,
  bytesDone: count,
  bytesPerSecond: count,
  secondsLeft: count.nullable(),
  current: z.array(z.strictObject({
    path: z.string(),
    bytes: count.describe("0 if the size is not known"),
    bytesDone: count,
  })).describe("Files in progress"),
});

/** An entry of the queue. */
export const entrySchema = z.strictObject({
  id: z.int(),
  kind,
  title: z.string(),
  targets: z.array(z.string()).describe("The first hundred"),
  targetCount: count.describe("All of them"),
  addedAt: time,
  state: z.enum(["waiting", "running", "paused", "done", "failed", "cancelled"]),
  reason: z.string().nullable().describe("What is wrong"),
  hint: z.string().nullable().describe("What to do about it"),
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  progress: progressSchema.nullable().describe("null unless this server runs it"),
  counts: z.strictObject({
    done: count.describe("Files fetched; of verify, those that are intact"),
    there: count.describe("Files that were there already; of repair, those that were intact"),
    failed: count,
    refused: count.describe("Files that Civitai does not give out"),
  }).nullable(),
});

/** An entry of the queue. */
export type Entry = z.infer<typeof entrySchema>;

/** The queue. */
export const queueSchema = z.strictObject({
  revision: count,
  isPaused: z.boolean(),
  holder: z.strictObject({ command: z.string(), pid: z.int(), since: z.string() }).nullable()
    .describe("Another process that holds the library"),
  limits: z.strictObject({ bytesPerSecond: z.int().nullable(), connections: z.int().nullable() }),
  waiting: count.describe("Number of entries that wait or are paused"),
  from: count.describe("Number of those that are not listed, from the front"),
  entries: z.array(entrySchema).describe(
    "Running, then at most 200 that wait or are paused, in their order, then the last 200 that have ended",
  ),
});

/** Which entries are listed. */
export const queueQuerySchema = z.strictObject({
  from: z.string().regex(/^\d{1,9}$/).optional().describe("Number of waiting entries, from the front, to leave out"),
});

/** How far the running entries are. */
export const queueProgressSchema = z.strictObject({
  revision: count.describe("That of the queue; with another one, the queue is sent too"),
  entries: z.array(entrySchema),
});

/** How far the running entries are. */
export type QueueProgress = z.infer<typeof queueProgressSchema>;

/** The queue. */
export type QueueDocument = z.infer<typeof queueSchema>;

/** New limits; what is absent stays. */
export const limitsSchema = z.strictObject({
  bytesPerSecond: z.int().min(1024).nullable().optional().describe("Of all transfers together; null for the usual"),
  connections: z.int().min(1).max(4).nullable().optional().describe("To one host; null for the usual number"),
});

/** New limits; what is absent stays. */
export type LimitsBody = z.infer<typeof limitsSchema>;

/** What an entry did not get. */
export const failuresSchema = z.strictObject({
  failures: z.array(z.strictObject({
    kind: z.enum(["failed", "refused"]).describe("refused: Civitai does not give it out"),
    path: z.string().describe("Path of the file, or name of the target"),
    outcome: z.string(),
    message: z.string(),
    hint: z.string().nullable(),
    model: z.strictObject({ id: z.int(), name: z.string() }).nullable().describe("The model of the library"),
  })),
});

/** What an entry did not get. */
export type Failures = z.infer<typeof failuresSchema>;
