import { formatDuration, type HostTimeout, parseHostTimeout } from "../../lib/base/mod.ts";
import { editYamlList } from "../../lib/config/mod.ts";

/** A configuration before it is written. */
export interface ConfigEdit {
  /** The whole new text. */
  readonly text: string;
  /** The lines that differ, `-` before and `+` after; empty if nothing changes. */
  readonly diff: string;
}

/**
 * Put host timeouts into a configuration file; comments and everything else stay.
 *
 * @param source The text of the file; empty if there is none
 * @param timeouts The timeouts
 * @returns The new text and the difference
 */
export function planConfigEdit(source: string, timeouts: readonly HostTimeout[]): ConfigEdit {
  if (timeouts.length === 0) return { text: source, diff: "" };
  const text = editYamlList(
    source,
    "host-timeout",
    timeouts.map(({ host, step, ms }) => ({
      text: `${host} ${step} ${formatDuration(ms).replaceAll(" ", "")}`,
      replaces: (existing) => {
        const known = parseHostTimeout(existing);
        return known.host === host && known.step === step;
      },
    })),
  );
  return { text, diff: diffOf(source, text) };
}

/** List the lines between the common beginning and the common end. */
function diffOf(before: string, after: string): string {
  const [old, fresh] = [before, after].map((text) => text.split("\n"));
  let start = 0;
  while (start < Math.min(old!.length, fresh!.length) && old![start] === fresh![start]) start++;
  let end = 0;
  while (
    end < Math.min(old!.length, fresh!.length) - start &&
    old!.at(-1 - end) === fresh!.at(-1 - end)
  ) end++;
  const removed = old!.slice(start, old!.length - end).map((line) => `- ${line}\n`);
  const added = fresh!.slice(start, fresh!.length - end).map((line) => `+ ${line}\n`);
  return [...removed, ...added].join("");
}
