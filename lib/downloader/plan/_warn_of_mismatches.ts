import { formatCount } from "../../base/mod.ts";
import type { Page } from "../../civitai/mod.ts";
import type { SettledPlanning } from "./settled_planning.ts";

/** Yield the pages of a listing, and warn at its end about the entries that the client left out. */
export async function* warnOfMismatches<T>(
  { onEvent }: Pick<SettledPlanning, "onEvent">,
  target: string,
  pages: AsyncIterable<Page<T>>,
): AsyncGenerator<Page<T>> {
  let count = 0;
  try {
    for await (const page of pages) {
      count += page.mismatched ?? 0;
      yield page;
    }
  } finally {
    const entries = formatCount(count, "entry that does", "entries that do");
    if (count > 0) onEvent({ type: "warning", message: `${target}: left out ${entries} not belong to it` });
  }
}
