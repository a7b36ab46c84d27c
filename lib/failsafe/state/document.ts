import * as z from "zod";
import { StateFile } from "../../base/mod.ts";
import type { FailureClass } from "../failure/failure.ts";
import { isFailureClass } from "../failure/failure_weight.ts";
import type { BreakerEntry, Document } from "./failsafe_state.ts";
import { LAST_CALLS, SLICES, SlidingWindow } from "./sliding_window.ts";

const count = z.int().min(0);
const state = z.enum(["closed", "open", "half-open"]);
const text = z.string().nullable();
const reason = { reason: z.string(), ja: z.object({ reason: z.string() }) };
const noReason = { reason: text, ja: z.object({ reason: text }) };

/** Milliseconds since the epoch in memory, ISO 8601 in the file. */
export const time = z.codec(z.string(), z.number(), {
  decode: (iso) => Date.parse(iso),
  encode: (ms) => new Date(ms).toISOString(),
});

/** A class that only a newer version of the program knows becomes `unknown`. */
const failure = z.codec(z.string(), z.custom<FailureClass>(), {
  decode: (name) => isFailureClass(name) ? name : "unknown",
  encode: (name) => name,
});
const kind = z.object({ failure, status: count.nullable() });
const cause = z.object({
  ...kind.shape,
  fault: text,
  reason: z.string(),
  ja: z.object({ reason: z.string(), fault: text }),
});

const windowRecord = z.object({
  slices: z.array(
    z.tuple([count, count, count, count]).refine(([, calls, failures, slow]) => failures <= calls && slow <= calls),
  ).max(SLICES),
  last: z.array(z.tuple([count, count.max(3)])).max(LAST_CALLS),
  kinds: z.array(z.tuple([count, kind])),
  hardRun: count,
  hardAt: z.int().min(-1),
  servedAt: z.int().min(-1),
});
const window = z.codec(windowRecord, z.instanceof(SlidingWindow), {
  decode: (record) => SlidingWindow.from(record),
  encode: (calls) => calls.toJSON() as z.output<typeof windowRecord>,
});

const breaker = z.object({
  ...noReason,
  state,
  since: time,
  trippedAt: time.nullable(),
  until: time.nullable(),
  waitMs: count,
  cause: cause.nullable(),
  round: count,
  probes: z.array(z.object({ id: z.string(), startedAt: time })),
  succeeded: count,
  failed: count,
})
  .refine(({ state, until }) => (until !== null) === (state === "open"), { path: ["until"] })
  .refine(({ state, cause }) => (cause === null) === (state === "closed"), { path: ["cause"] });
const entry = z.object({
  record: breaker,
  usedAt: time,
  flowedAt: time.nullable(),
  deniedAt: time.nullable(),
  isByHand: z.boolean(),
  window,
});

const mode = z.object({
  ...noReason,
  mode: z.string(),
  since: time,
  upDwellMs: z.int().min(1),
  raisedAt: time.nullable(),
  loweredAt: time.nullable(),
  easedAt: time.nullable(),
  troubleAt: time.nullable(),
  unavailableSince: time.nullable(),
  silence: z.object({ from: text, at: time, resumedAt: time.nullable() }).nullable(),
  hold: z.object({ mode: z.string(), since: time, until: time.nullable() }).nullable(),
});

const event = z.discriminatedUnion("type", [
  z.object({
    ...reason,
    time: z.iso.datetime(),
    type: z.literal("mode"),
    from: z.string(),
    to: z.string(),
    isHeld: z.boolean(),
  }),
  z.object({
    ...reason,
    time: z.iso.datetime(),
    type: z.literal("breaker"),
    key: z.string(),
    from: state,
    to: state,
    cause: cause.nullable(),
    retryInMs: count,
  }),
]);

const documentSchema = z.object({
  events: z.array(event),
  mode,
  calls: window,
  breakers: z.codec(z.record(z.string(), entry), z.map(z.string(), z.custom<BreakerEntry>()), {
    decode: (entries) => new Map(Object.entries(entries)),
    encode: (entries) => Object.fromEntries(entries) as Record<string, z.output<typeof entry>>,
  }),
});

/**
 * Return the state file of a failsafe.
 *
 * @param path The file
 */
export function failsafeFile(path: string): StateFile<Document> {
  return new StateFile<Document>(path, {
    schema: "civitai-dl/failsafe",
    version: 1,
    parse: (fields) => parseFields(documentSchema, fields),
    format: ({ mode, calls, events, breakers }) =>
      z.encode(documentSchema, { mode, calls, events, breakers } as z.output<typeof documentSchema>),
    loss: "all breakers start closed",
  });
}

/** @throws {SyntaxError} If a field is not right; the message names it */
export function parseFields<Schema extends z.ZodType>(schema: Schema, fields: unknown): z.output<Schema> {
  const result = schema.safeParse(fields);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new SyntaxError(`"${path.join(".")}": ${message}`);
}
