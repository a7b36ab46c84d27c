import type { QueueDocument } from "../../api/shapes/queue.ts";
import type { Messages } from "../messages/en.ts";

/** What a screen reader should announce of a change of the queue: entries that were done or failed. */
export function queueNews(before: QueueDocument | null, after: QueueDocument, words: Messages["queue"]): string[] {
  if (before === null) return [];
  const old = new Map(before.entries.map(({ id, state }) => [id, state]));
  return after.entries.flatMap(({ id, state, title }) => {
    const was = old.get(id);
    if (was === undefined || was === state) return [];
    if (state === "done") return [words.newsDone(title)];
    return state === "failed" ? [words.newsFailed(title)] : [];
  });
}
