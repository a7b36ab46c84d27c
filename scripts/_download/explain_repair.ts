import { formatCount } from "../../lib/base/mod.ts";
import type { ExitReason } from "../../lib/cli/mod.ts";
import { failureHints, type RepairSummary } from "../../lib/downloader/mod.ts";

/** What a repair did, and the command that goes on with it; `null` if it came to its end. */
export type RepairResult = RepairSummary & { readonly again: string | null };

/** Say in two lines what is still broken, and what to do. */
export function explainRepair({ broken, failed, stopped, keyHint, again }: RepairResult): ExitReason | undefined {
  const [first] = failed;
  const states = [
    ...stopped === null ? [] : [stopped.message],
    ...broken === 0 ? [] : [formatCount(broken, "file is still broken", "files are still broken")],
    ...first === undefined ? [] : [first.message],
  ];
  if (states.length === 0) return undefined;
  const hints = [
    ...stopped === null || stopped.hint === null ? [] : [stopped.hint],
    ...failureHints({ failed, outcomes: {}, keyHint }).map(({ text }) => text),
    ...again === null ? [] : [`Run again with: ${again}`],
  ];
  return { message: states.join("; "), hint: hints.length === 0 ? undefined : hints.join(". ") };
}
