import { quoteWord } from "../base/mod.ts";
import type { HealthPlace } from "./health_check.ts";

/** Commands whose `--output` is a report, or that have none: they name the library by `--library`. */
const BY_LIBRARY: ReadonlySet<string> = new Set([
  "failsafe",
  "rollout",
  "doctor",
  "monitor",
  "collect-metrics",
  "alerts",
]);

/** Commands that ask the API. */
const ASKING: ReadonlySet<string> = new Set(["download", "verify", "repair", "doctor"]);

/** Commands that read or write the log folder. */
const LOGGING: ReadonlySet<string> = new Set(["download", "repair", "doctor", "monitor", "collect-metrics"]);

/** What a command has to name, so that it works on the checked installation. */
export type CommandPlace = Pick<HealthPlace, "libraryWord" | "apiWords" | "logsWord">;

/**
 * Write a command line that works on the checked library and logs, and asks the checked API.
 *
 * @param place Library, logs and API
 * @param words The command and its arguments, such as `verify --rebuild`
 * @returns The command line to copy
 */
export function nextCommand(place: CommandPlace, words: string): string {
  const { libraryWord, apiWords = "", logsWord = "" } = place;
  const verb = words.split(" ")[0]!;
  const library = libraryWord === "" ? "" : `${BY_LIBRARY.has(verb) ? "--library" : "--output"} ${libraryWord}`;
  const api = ASKING.has(verb) ? apiWords : "";
  const logs = LOGGING.has(verb) && logsWord !== "" ? `--logs ${logsWord}` : "";
  return ["civitai-dl", words, library, logs, api].filter((part) => part !== "").join(" ");
}

/** Write a command line that opens a file in an editor. */
export function editFile(path: string): string {
  return `${Deno.build.os === "windows" ? "notepad" : "${EDITOR:-nano}"} ${quoteWord(path)}`;
}
