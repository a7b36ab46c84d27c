import * as z from "zod";
import type { StateFormat } from "../../base/mod.ts";
import type { Step } from "./step.ts";

/**
 * State of an operation: `running` while a process works on it (or was killed), `suspended` while it waits for a
 * person, `undoing` while it is being undone, and then `done` or `undone`.
 */
export type OperationState = "running" | "suspended" | "undoing" | "done" | "undone";

/** The reason of an operation whose process was killed or stopped. */
export const INTERRUPTED = "it was interrupted";

/**
 * A change of refs, of a working tree or of the installed version: its steps, and how far they are. It is written before
 * and after each step.
 */
export interface Operation {
  /** Begins with the time of its start, so that names of files sort by time. */
  readonly id: string;
  /** The command as a person would type it, without the program's name, such as `branch finish-phase 1`. */
  readonly command: string;
  /** What it does, as a sentence without a period. */
  readonly summary: string;
  /** Time of its start, ISO 8601 UTC. */
  readonly startedAt: string;
  /** Time of its end, ISO 8601 UTC; `null` until then. */
  readonly endedAt: string | null;
  /** Where it stands. */
  readonly state: OperationState;
  /**
   * Why it is suspended, or why it failed and was taken back, as a sentence; `null` otherwise, also if a person took it
   * back.
   */
  readonly reason: string | null;
  /** What a person should know however it ends, as sentences without a period. */
  readonly warnings: readonly string[];
  /** What the acts of its steps need, as JSON; absent without acts. */
  readonly about?: unknown;
  /** All steps, in order. */
  readonly steps: readonly Step[];
  /** How many steps are complete. The next one may have been applied in part. */
  readonly at: number;
  /** Results of complete steps, by id: full hashes. */
  readonly results: Readonly<Record<string, string>>;
  /**
   * Full names of the refs that the push under way may have pushed; written before git is called. What the remote has of
   * the others was made by somebody else. Empty if no push is under way.
   */
  readonly sent: readonly string[];
}

const hash = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/);
/** Part of the names of files. */
const operationId = z.string().regex(/^[\w.-]+$/);
/** May have the name of a branch in it. */
const id = z.string().min(1);
const object = z.union([z.strictObject({ sha: hash }), z.strictObject({ step: id })]);
const ref = z.string().startsWith("refs/");
const changes = z.array(z.strictObject({ ref, before: hash.nullable(), after: object.nullable() }));
const text = z.string();

const step = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("merge"), id, onto: object, from: object, message: text }),
  z.strictObject({
    type: z.literal("commit"),
    id,
    onto: object,
    files: z.array(z.strictObject({ path: text, blob: hash.nullable() })),
    message: text,
  }),
  z.strictObject({
    type: z.literal("check"),
    id,
    on: object,
    command: z.array(text).min(1),
    isOnlyForResolved: z.boolean().optional(),
  }),
  z.strictObject({ type: z.literal("tag"), id, name: text, on: object, message: text }),
  z.strictObject({
    type: z.literal("refs"),
    id,
    changes,
  }),
  z.strictObject({
    type: z.literal("push"),
    id,
    remote: text,
    changes,
  }),
  z.strictObject({ type: z.literal("track"), id, branch: text, remote: text }),
  z.strictObject({ type: z.literal("switch"), id, branch: text, from: text }),
  z.strictObject({ type: z.literal("act"), id, text, undo: z.enum(["unfinished", "always", "never"]) }),
]);

const operationSchema = z.object({
  id: operationId,
  command: text,
  summary: text,
  startedAt: text,
  endedAt: text.nullable(),
  state: z.enum(["running", "suspended", "undoing", "done", "undone"]),
  reason: text.nullable(),
  warnings: z.array(text),
  about: z.json().optional(),
  steps: z.array(step),
  at: z.int().min(0),
  results: z.record(id, hash),
  sent: z.array(ref),
});

/** The form of an operation's file. */
export const OPERATION_FORMAT: StateFormat<Operation> = {
  schema: "civitai-dl/operation",
  version: 1,
  parse: (fields) => {
    const parsed = operationSchema.safeParse(fields);
    if (!parsed.success) throw new SyntaxError(parsed.error.issues[0]?.message);
    return parsed.data as Operation;
  },
  loss: "what it did is not known",
};
