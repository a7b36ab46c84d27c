import type { FailureClass } from "../../failsafe/mod.ts";
import { FINAL_CLASSES, maskMessage, PROBLEMS } from "../../problems/mod.ts";
import type { Issue } from "../issue.ts";
import type { StatusFailure, StatusFailureGroup } from "../../status/mod.ts";

/** How long a kind of failure is kept after it was last seen, in milliseconds. */
const KEEP_MS = 86_400_000;
/**
 * Limits of memory. `MAX_KEPT` failures are kept individually. Beyond `MAX_KINDS` the least recently seen kind is dropped, and beyond `MAX_FILES` further files
 * are not counted. `MAX_PATHS` is how many files of a kind are listed.
 */
const MAX_KEPT = 20;
const MAX_KINDS = 100;
const MAX_FILES = 100_000;
const MAX_PATHS = 20;

/** Failures of a host or the network: bytes that arrive later show that the cause is over. */
export const HOST_FAILURES: ReadonlySet<string> = new Set<FailureClass>([
  "connection",
  "dns",
  "tls",
  "timeout",
  "stall",
  "server",
  "throttled",
]);

/** Failures whose cause concerns all files: a file that is downloaded later shows that it is over. */
const SHARED: ReadonlySet<string> = new Set<string>([...HOST_FAILURES, "login", "quota", "disk", "tripped"]);

interface Kind {
  readonly class: string;
  readonly remedy: string;
  readonly since: string;
  readonly files: Set<string>;
  message: string;
  time: string;
  tries: number;
}

/** Recent failures, individually and by kind. */
export class RecentFailures {
  #failures: readonly StatusFailure[] = [];
  /** Least recently seen first. */
  readonly #kinds = new Map<string, Kind>();
  /** When a file was last downloaded, ISO 8601; empty before the first. */
  #doneAt = "";
  /** The kind of each file's last failure: a file belongs to one kind at a time. */
  readonly #kindOf = new Map<string, string>();

  /** The last 20 failures, newest first. */
  get list(): readonly StatusFailure[] {
    return this.#failures;
  }

  /**
   * List failures by kind: of the same class, and with the same message apart from names and numbers.
   *
   * @param now Milliseconds since the epoch
   * @returns The kinds that were seen in the last day, newest first
   */
  groups(now: number): readonly StatusFailureGroup[] {
    return [...this.#kinds.values()]
      .filter((kind) => this.#isKept(kind, now))
      .map(({ files, ...kind }) => ({
        ...kind,
        isFinal: FINAL_CLASSES.has(kind.class),
        isOver: SHARED.has(kind.class) && kind.time < this.#doneAt,
        files: files.size,
        paths: [...files].slice(-MAX_PATHS).reverse(),
      }))
      .toSorted((a, b) => b.time.localeCompare(a.time));
  }

  /**
   * Add a failure.
   *
   * @param options The time to use for an issue that has none, milliseconds since the epoch
   */
  add(issue: Issue, options: { readonly now: number }): void {
    const { failure, message } = issue;
    const time = issue.time ?? new Date(options.now).toISOString();
    const path = issue.path ?? "";
    const added = { time, path, class: failure, message, remedy: PROBLEMS[failure].en.remedy };
    this.#failures = [added, ...this.#failures].slice(0, MAX_KEPT);
    this.#sort(added);
  }

  /**
   * Record that a file has been downloaded, which may have failed before.
   *
   * @param path Its path, relative to the library
   * @param time When it was downloaded, ISO 8601
   */
  recordDone(path: string, time: string): void {
    if (time > this.#doneAt) this.#doneAt = time;
    this.#forget(path);
  }

  #forget(path: string): void {
    const name = this.#kindOf.get(path);
    const kind = name === undefined ? undefined : this.#kinds.get(name);
    this.#kindOf.delete(path);
    if (kind === undefined) return;
    kind.files.delete(path);
    if (kind.files.size === 0) this.#kinds.delete(name!);
  }

  #sort(failure: StatusFailure): void {
    const { path, time, message, remedy } = failure;
    const name = `${failure.class} ${maskMessage(message)}`;
    if (path !== "" && this.#kindOf.get(path) !== name) this.#forget(path);
    if (!this.#isKept(this.#kinds.get(name), Date.parse(time))) this.#drop(name);
    const kind = this.#kinds.get(name) ??
      { class: failure.class, remedy, since: time, files: new Set<string>(), message, time, tries: 0 };
    this.#kinds.delete(name);
    this.#kinds.set(name, kind);
    if (this.#kinds.size > MAX_KINDS) this.#drop(this.#kinds.keys().next().value!);
    kind.message = message;
    kind.time = time;
    kind.tries++;
    if (path === "" || this.#kindOf.size >= MAX_FILES) return;
    this.#kindOf.set(path, name);
    // Insert it again, so that the newest file is the last.
    kind.files.delete(path);
    kind.files.add(path);
  }

  #isKept(kind: Kind | undefined, now: number): boolean {
    return kind !== undefined && now - Date.parse(kind.time) <= KEEP_MS;
  }

  #drop(name: string): void {
    for (const path of this.#kinds.get(name)?.files ?? []) this.#kindOf.delete(path);
    this.#kinds.delete(name);
  }
}
