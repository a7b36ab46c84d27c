import type { Entry } from "../../api/shapes/queue.ts";
import type { Format } from "../../../status/mod.ts";
import type { Messages } from "../messages/en.ts";

/** The colors of the states. */
export const STATE_TONES: Readonly<Record<Entry["state"], string>> = {
  waiting: "plain",
  running: "busy",
  paused: "warn",
  done: "good",
  failed: "bad",
  cancelled: "plain",
};

/** What an entry is about: its targets, unless its title says so. */
export function targetsOf({ targets, targetCount, title }: Entry, words: Messages["queue"]): string {
  const [first] = targets;
  if (first === undefined) return words.all;
  const text = words.targets(first, targetCount - 1);
  return text === title ? "" : text;
}

/** How far an entry is, from 0 to 1; `null` if that is not known. */
export function shareOf({ progress }: Pick<Entry, "progress">): number | null {
  if (progress === null || progress.phase === "listing") return null;
  const { bytes, bytesDone, files, filesDone } = progress;
  if (bytes > 0) return bytesDone / bytes;
  return files > 0 ? filesDone / files : null;
}

/** The figures of a running entry. */
export function progressWords(
  progress: NonNullable<Entry["progress"]>,
  words: Messages["queue"],
  format: Format,
): string {
  const { phase, files, filesDone, bytes, bytesDone, bytesPerSecond, secondsLeft } = progress;
  const facts = [words.phases[phase]];
  if (phase !== "listing") facts.push(words.files(format.number(filesDone), format.number(files)));
  if (bytes > 0) facts.push(words.bytes(format.bytes(bytesDone), format.bytes(bytes)));
  if (bytesPerSecond > 0) facts.push(format.speed(bytesPerSecond));
  if (secondsLeft !== null) facts.push(words.left(format.duration(secondsLeft * 1000)));
  return facts.join(" · ");
}
