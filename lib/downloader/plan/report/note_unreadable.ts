import type { UnreadableEntry } from "../../../civitai/mod.ts";
import type { SettledPlanning } from "../settled_planning.ts";
import type { UnreadableData } from "./plan_report.ts";

/** What {@linkcode noteUnreadable} uses of the planning. */
type NoteOptions = Pick<SettledPlanning, "library" | "report" | "runId" | "onEvent">;

/**
 * Report entries of the API's responses that cannot be read, each only once. The catalog keeps them until the run ends,
 * since a listing that broke off is continued after the pages that it has read.
 *
 * @param options Report, catalog and events of the run
 * @param target Name of the listing or model that contains them
 * @param entries The entries; if there are none, nothing happens
 */
export function noteUnreadable(
  options: NoteOptions,
  target: string,
  entries: readonly UnreadableEntry[] | undefined,
): void {
  const { library: { catalog }, report, runId, onEvent } = options;
  const fresh = (entries ?? []).filter((entry) => report.addUnreadable({ target, ...entry }));
  if (fresh.length === 0) return;
  for (const { kind, name, reason } of fresh) onEvent({ type: "unreadable", target, kind, name, reason });
  catalog.setNote(noteOf(runId), JSON.stringify(report.data().unreadable));
}

/** Report again the entries that the same run could not read before it was interrupted. */
export function recallUnreadable({ library: { catalog }, report, runId }: Omit<NoteOptions, "onEvent">): void {
  const note = catalog.note(noteOf(runId));
  if (note === null) return;
  // Written by noteUnreadable().
  const { entries } = JSON.parse(note) as UnreadableData;
  for (const entry of entries) report.addUnreadable(entry);
}

/** Forget the entries of a run that has ended. */
export function forgetUnreadable({ library: { catalog }, runId }: Pick<NoteOptions, "library" | "runId">): void {
  catalog.setNote(noteOf(runId), null);
}

function noteOf(runId: number): string {
  return `unreadable:${runId}`;
}
