import type { HealthPlace } from "./health_check.ts";

/** Commands whose `--output` is a report, or that have none: they name the library by `--library`. */
const BY_LIBRARY: ReadonlySet<string> = new Set(["failsafe", "rollout", "health-check", "collect-metrics"]);

/** Commands that ask the API. */
const ASKING: ReadonlySet<string> = new Set(["download", "verify", "repair", "health-check"]);

/**
 * Write a command line that works on the checked library, and asks the checked API.
 *
 * @param place The place, of which only the library and the API are used
 * @param words The command and its arguments, such as `verify --rebuild`
 * @returns The command line to copy
 */
export function nextCommand(place: Pick<HealthPlace, "libraryWord" | "apiWords">, words: string): string {
  const { libraryWord, apiWords = "" } = place;
  const verb = words.split(" ")[0]!;
  const library = libraryWord === "" ? "" : `${BY_LIBRARY.has(verb) ? "--library" : "--output"} ${libraryWord}`;
  const api = ASKING.has(verb) ? apiWords : "";
  return ["civitai-dl", words, library, api].filter((part) => part !== "").join(" ");
}
