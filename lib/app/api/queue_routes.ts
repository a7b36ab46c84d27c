import { cleanText, KitError } from "../../base/mod.ts";
import { parseTargetWords } from "../../civitai/mod.ts";
import type { ListedEntry, Queue } from "../../library/mod.ts";
import { defineRoute, type Route, type RouteInput } from "../http/route.ts";
import { notFound } from "../http/route_error.ts";
import type { QueuedChoice } from "../queue/queued_choice.ts";
import type { EntryReading } from "../queue/entry_progress.ts";
import type { QueueRunner } from "../queue/queue_runner.ts";
import { nameQueueTargets, titleOf, toQueueTargets } from "../queue/queue_targets.ts";
import type { ViewIndex } from "../view/view_index.ts";
import type { PartialChoice } from "./shapes/choice.ts";
import {
  type Entry,
  entrySchema,
  failuresSchema,
  limitsSchema,
  type QueueDocument,
  type QueueProgress,
  queueQuerySchema,
  type QueueRequestBody,
  queueRequestSchema,
  queueSchema,
} from "./shapes/queue.ts";

/** Targets of an entry that are listed; it can have a hundred thousand. */
const MAX_TARGETS = 100;
/** Longest name of a model in a title, in characters. */
const MAX_NAME = 100;
/** Longest key that makes a request once only, in characters. */
const MAX_KEY = 200;

/** Completes the choice of a request as the settings say. */
export type SettleChoice = (choice: PartialChoice) => Promise<QueuedChoice>;

/** Options of {@linkcode queueRoutes}. */
export interface QueueRoutesOptions {
  readonly queue: QueueRunner;
  readonly settleChoice: SettleChoice;
  /** Address of the API of Civitai; links to its host are targets too. */
  readonly baseUrl: string;
}

/** What can be done to an entry, by the last part of the path. */
const ACTIONS = {
  pause: "Pause an entry; what runs is stopped cleanly, and its parts stay",
  resume: "Let a paused entry wait again",
  cancel: "Cancel an entry, and withdraw what it planned and has not fetched",
  first: "Make an entry the next one; it interrupts no other",
  retry: "Let a failed or cancelled entry wait again",
} as const satisfies Partial<Record<keyof Queue, string>>;

/**
 * Routes of the queue.
 *
 * @param view Names the models of entries that have no title
 */
export function queueRoutes(
  { queue, settleChoice, baseUrl }: QueueRoutesOptions,
  view?: Pick<ViewIndex, "catalog">,
): readonly Route[] {
  const document = (): Promise<QueueDocument> => readQueue(queue);
  const find = async (id: number): Promise<Entry> => {
    const entry = await queue.entry(id);
    if (entry === null) throw notFound(`Cannot find entry ${id} of the queue: there is none with this number`);
    return toShape(entry, queue.current);
  };
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/queue",
      summary: "What runs, what waits, and how the last entries ended; of what waits, 200 at a time",
      query: queueQuerySchema,
      answer: queueSchema,
      example: { query: "from=200" },
      handle: ({ query: { from = "0" } }) => readQueue(queue, { from: Number(from) }),
    }),
    defineRoute<unknown, QueueRequestBody>({
      method: "POST",
      path: "/api/v1/queue",
      summary: "Add an entry; with the header Idempotency-Key, once only",
      body: queueRequestSchema,
      answer: entrySchema,
      status: 201,
      example: { body: { targets: ["https://civitai.com/models/123"], except: { versions: [456] } } },
      async handle({ body, header }) {
        const { kind, choice = {}, except = null } = body;
        const targets = readTargets(body, baseUrl);
        const title = body.title ?? await nameEntry(kind, targets, view);
        const key = readKey(header("idempotency-key"));
        const settled = await settleChoice(choice);
        const { entry } = await queue.add({ kind, targets, title, choice: settled, except, key });
        return await find(entry.id);
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/queue/pause",
      summary: "Start no entry any more, and stop the one that runs; survives a restart",
      answer: queueSchema,
      async handle() {
        await queue.change((rows) => void (rows.isPaused = true));
        return await document();
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/queue/resume",
      summary: "Go on with the queue",
      answer: queueSchema,
      async handle() {
        await queue.change((rows) => void (rows.isPaused = false));
        return await document();
      },
    }),
    defineRoute({
      method: "PATCH",
      path: "/api/v1/queue/limits",
      summary: "Change the limits of speed and connections, also of what runs; survives a restart",
      body: limitsSchema,
      answer: queueSchema,
      example: { body: { bytesPerSecond: 5_242_880, connections: 2 } },
      async handle({ body: { bytesPerSecond, connections } }) {
        await queue.change((rows) => {
          const now = rows.limits;
          rows.limits = {
            bytesPerSecond: bytesPerSecond === undefined ? now.bytesPerSecond : bytesPerSecond,
            connections: connections === undefined ? now.connections : connections,
          };
        });
        return await document();
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/queue/{id}/failures",
      summary: "What an entry did not get: what failed, and what is not available; at most a thousand",
      answer: failuresSchema,
      example: { params: { id: "1" } },
      async handle(input) {
        const { id } = await find(readId(input));
        return { failures: queue.failures(id) };
      },
    }),
    ...Object.entries(ACTIONS).map(([action, summary]) =>
      defineRoute({
        method: "POST",
        path: `/api/v1/queue/{id}/${action}`,
        summary,
        answer: entrySchema,
        example: { params: { id: "1" } },
        async handle(input) {
          const { id } = await find(readId(input));
          await queue.change((rows) => rows[action as keyof typeof ACTIONS](id));
          return await find(id);
        },
      })
    ),
  ];
}

/** The queue as the API answers it, and as its event sends it. */
export async function readQueue(
  queue: Pick<QueueRunner, "state">,
  options: { readonly from?: number | undefined } = {},
): Promise<QueueDocument> {
  const { entries, current, ...state } = await queue.state(options);
  return { ...state, entries: entries.map((entry) => toShape(entry, current)) };
}

/** How far the running entries are, as the event sends it each second. */
export async function readQueueProgress(queue: Pick<QueueRunner, "running">): Promise<QueueProgress> {
  const { revision, entries, current } = await queue.running();
  return { revision, entries: entries.map((entry) => toShape(entry, current)) };
}

function toShape(
  entry: ListedEntry,
  current: { readonly id: number; readonly progress: EntryReading } | null,
): Entry {
  const { id, kind, title, targets, state, reason, hint, counts } = entry;
  return {
    id,
    kind,
    title,
    targets: [...nameQueueTargets(targets.slice(0, MAX_TARGETS))],
    targetCount: targets.length,
    addedAt: toTime(entry.addedAt),
    state,
    reason,
    hint,
    startedAt: entry.startedAt === null ? null : toTime(entry.startedAt),
    endedAt: entry.endedAt === null ? null : toTime(entry.endedAt),
    progress: current?.id === id ? { ...current.progress, current: [...current.progress.current] } : null,
    counts,
  };
}

/** What an entry is called: by the names of its models, as far as the library knows them. */
async function nameEntry(
  kind: string,
  targets: readonly unknown[],
  view: Pick<ViewIndex, "catalog"> | undefined,
): Promise<string> {
  try {
    const title = await view?.catalog.use((catalog) =>
      titleOf(kind, targets, (id) => cleanText(catalog.model(id)?.name ?? "").slice(0, MAX_NAME) || null)
    );
    return title ?? titleOf(kind, targets);
  } catch (error) {
    // There may be no library yet.
    if (!(error instanceof KitError)) throw error;
    return titleOf(kind, targets);
  }
}

function toTime(ms: number): string {
  return new Date(ms).toISOString();
}

function readId({ params }: Pick<RouteInput<unknown, unknown>, "params">): number {
  const { id = "" } = params;
  if (!/^\d{1,15}$/.test(id)) throw notFound(`Cannot find entry "${id}" of the queue: its number is not one`);
  return Number(id);
}

function readKey(key: string | null): string | null {
  if (key === null) return null;
  if (key.trim() === "" || key.length > MAX_KEY) {
    throw new KitError("usage", `Cannot use the Idempotency-Key: it must have 1 to ${MAX_KEY} characters`);
  }
  return key;
}

/** Read the targets for a row, without what else an address may have; refuse what no run could use. */
function readTargets({ kind, targets }: QueueRequestBody, baseUrl: string): readonly unknown[] {
  if (kind !== "download") {
    const other = targets.find((target) => !/^model:\d+$/.test(target));
    if (other === undefined) return targets;
    throw new KitError("usage", `Cannot queue ${kind}: only model:ID can be named`);
  }
  const base = URL.parse(baseUrl);
  const { targets: parsed, problems } = parseTargetWords(targets, { hosts: base === null ? [] : [base.host] });
  const [problem] = problems;
  if (problem !== undefined) throw new KitError("usage", problem.message);
  if (parsed.length === 0) throw new KitError("usage", "Cannot queue a download: it has no target");
  return toQueueTargets(parsed);
}
