import { resolve } from "node:path";
import { EXIT_CODES, findLockHolder, KitError, systemClock } from "../../lib/base/mod.ts";
import { type CommandContext, Outcome } from "../../lib/cli/mod.ts";
import { type Choice, openLibrary, type PlanTarget } from "../../lib/downloader/mod.ts";
import { libraryLockPath, type QueueKind, queueLockPath } from "../../lib/library/mod.ts";
import type { LayoutFlags } from "../_frame/flags.ts";
import { isLayoutGiven, listGiven } from "./choice.ts";
import { keepQueue, type QueueContext } from "./go_on_with_queue.ts";

/** What a command puts into the queue of a library that another process holds. */
export interface QueuedRequest {
  readonly targets: readonly PlanTarget[];
  /** Whether all models of the library are updated too. */
  readonly isUpdate: boolean;
  readonly choice: Choice;
}

/** The process that fetches what was queued. */
export interface QueueServant {
  readonly command: string;
  readonly pid: number;
}

/** The result of a command whose targets were queued. */
export interface QueuedDownload {
  readonly queued: readonly { readonly id: number; readonly kind: QueueKind; readonly title: string }[];
  /** Who fetches them; `null` for the next command that works off the queue. */
  readonly by: QueueServant | null;
}

/** Commands that work off the queue before they end. */
const WORKING: ReadonlySet<string> = new Set(["download", "update", "serve"]);
/** Longest wait for a run that has just begun to make its catalog, in milliseconds. */
const STARTING_MS = 5000;
/** Longest wait for a run to end that does not take entries any more, in milliseconds. */
const ENDING_MS = 20_000;

/**
 * Whether a library could not be opened because another run holds it, so that its queue is the place for what is asked.
 */
export async function isHeld(error: unknown, root: string): Promise<boolean> {
  if (!(error instanceof KitError) || error.code !== "unsafe") return false;
  return await findLockHolder(libraryLockPath(resolve(root))) !== null;
}

/**
 * Add targets to the queue of a library that another run holds. If that run ends meanwhile, fetch them here.
 *
 * @returns What was queued, and who fetches it
 */
export async function addToQueue(
  context: QueueContext & CommandContext<LayoutFlags>,
  root: string,
  { targets, isUpdate, choice }: QueuedRequest,
): Promise<Outcome> {
  const { SharedQueue, titleOf, toQueueTargets } = await import("../../lib/app/mod.ts");
  const path = resolve(root);
  // A library that is held exists, or will in a moment.
  using shared = new SharedQueue({ root: path, isReadOnly: false, create: waitForCatalog });

  async function waitForCatalog(): Promise<void> {
    const end = performance.now() + STARTING_MS;
    while (shared.file === null && performance.now() < end) {
      await systemClock.sleep(50, { signal: context.signal });
    }
  }

  const given = listGiven(context);
  const settled = { fields: choice, given, hasLayout: isLayoutGiven(context.flags) };
  const queued = await shared.change((queue) => {
    const add = (kind: QueueKind, words: readonly unknown[]) => {
      const request = { kind, title: titleOf(kind, words), targets: words, choice: settled, except: null, key: null };
      const { entry: { id, title } } = queue.add(request);
      return { id, kind, title };
    };
    return [
      ...targets.length > 0 || !isUpdate ? [add("download", toQueueTargets(targets))] : [],
      ...isUpdate ? [add("update", [])] : [],
    ];
  });
  const keeper = await findLockHolder(queueLockPath(path));
  if (keeper !== null) return new Outcome(toResult(queued, keeper), 0);
  const holder = await findLockHolder(libraryLockPath(path));
  if (holder !== null && !WORKING.has(holder.command)) return new Outcome(toResult(queued, null), 0);
  return await fetchHere(context, path, queued) ?? new Outcome(toResult(queued, null), 0);
}

/** Fetch what was queued in this process; return `null` if another one still holds the library. */
async function fetchHere(
  context: QueueContext,
  root: string,
  queued: QueuedDownload["queued"],
): Promise<Outcome | null> {
  const { signal } = context;
  let opened;
  try {
    opened = await openLibrary(root, { command: "download", waitMs: ENDING_MS, signal });
  } catch (error) {
    if (await isHeld(error, root)) return null;
    throw error;
  }
  using library = opened;
  using keeper = await keepQueue(context, library, "download");
  if (keeper === null) return null;
  await keeper.workOff(Infinity);
  const entries = queued.map(({ id }) => library.catalog.queue.entry(id));
  const failed = entries.find((entry) => entry?.state === "failed");
  const by = { command: "download", pid: Deno.pid };
  if (failed == null) return new Outcome({ queued, by }, signal.aborted ? undefined : 0);
  const { reason, hint } = failed;
  return new Outcome({ queued, by }, EXIT_CODES.failed, { message: reason ?? "It failed", hint: hint ?? undefined });
}

function toResult(queued: QueuedDownload["queued"], servant: QueueServant | null): QueuedDownload {
  return { queued, by: servant === null ? null : { command: servant.command, pid: servant.pid } };
}

/** Render what was queued. */
export function renderQueued({ queued, by }: QueuedDownload): string {
  const lines = queued.map(({ id, kind, title }) => `Queued as entry ${id}: ${kind}, ${title}`);
  const isOwn = by?.pid === Deno.pid;
  if (by === null) lines.push("Nothing works off the queue now: the next download, update or serve fetches it");
  else if (!isOwn) lines.push(`"${by.command}" (process ${by.pid}) fetches it`);
  return `${lines.join("\n")}\n`;
}
