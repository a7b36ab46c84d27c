import type { HealthPlace } from "./health_check.ts";

/** Commands whose `--output` is a report, or that have none: they name the library by `--library`. */
const BY_LIBRARY: ReadonlySet<string> = new Set(["failsafe", "rollout", "health-check", "collect-metrics"]);

/**
 * Write a command line that works on the checked library. What follows ` -- ` stays last.
 *
 * @param place The place, of which only the library is used
 * @param words The command and its arguments, such as `verify --rebuild`
 * @returns The command line to copy
 */
export function nextCommand({ libraryWord }: Pick<HealthPlace, "libraryWord">, words: string): string {
  const flag = BY_LIBRARY.has(words.split(" ")[0]!) ? "--library" : "--output";
  return libraryWord === "" ? `civitai-dl ${words}` : `civitai-dl ${words} ${flag} ${libraryWord}`;
}
