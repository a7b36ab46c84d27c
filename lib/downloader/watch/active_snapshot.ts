import { join } from "node:path";
import {
  type Clock,
  ensurePrivateFolder,
  PRIVATE_FILE_MODE,
  statSyncOrNull,
  systemClock,
  writeAtomicSync,
} from "../../base/mod.ts";
import type { ActiveDownload, ActiveRecord, ActiveRun, ActiveSilence } from "../../library/mod.ts";
import { RecentSpeed } from "./_recent_speed.ts";
import { RunProgress } from "./_run_progress.ts";
import type { HostReading } from "../hosts/host_watch.ts";
import type { DownloadEvent } from "../download_event.ts";
import type { SilenceReading } from "./progress_watch.ts";

/** Options of {@linkcode ActiveSnapshot}. */
export interface ActiveSnapshotOptions {
  /**
   * Process id, which the snapshot contains and after which its file is named.
   *
   * @default {Deno.pid}
   */
  readonly pid?: number | undefined;
  /**
   * Returns the hosts of the run, compared with their usual speed; called for each snapshot.
   *
   * @default {no hosts}
   */
  readonly hosts?: (() => readonly HostReading[]) | undefined;
  /**
   * Returns the silence of the run; called for each snapshot.
   *
   * @default {always `null`}
   */
  readonly silence?: (() => SilenceReading | null) | undefined;
  /** Called once when a snapshot cannot be written; downloads continue. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /**
   * Source of timestamps and waits.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

interface ActiveFile {
  readonly path: string;
  readonly host: string | null;
  readonly totalBytes: number;
  readonly speed: RecentSpeed;
  bytes: number;
  connections: number;
  /** Bytes received from the network. */
  received: number;
  /** Why the file waits; `null` while bytes arrive. */
  waiting: WaitingFile | null;
}

/** Reason and end of a file's wait. */
interface WaitingFile {
  /** Failure class of the last attempt. */
  readonly reason: string;
  /** Time of the next attempt, in milliseconds since the epoch. */
  readonly until: number;
}

/** Age in milliseconds at which a snapshot counts as left behind by a killed process. */
const OLD_MS = 3_600_000;
/** Time between two snapshots, in milliseconds. */
const EVERY_MS = 1000;

/**
 * Writes a snapshot of this process's downloads once a second, for other processes. The file is
 * `state/active/PID.json`. It is replaced atomically, not flushed to the disk, and removed at the end. Readers ignore a
 * file if its `time` is 15 seconds off, since it was left behind by a killed process.
 *
 * ```json
 * {"schema":"civitai-dl/active","version":1,"time":"2026-01-01T00:00:00.000Z","pid":4711,"bytesPerSecond":1048576,
 *  "downloads":[{"path":"models/a.safetensors","host":"storage.example","bytes":10,"totalBytes":20,"bytesPerSecond":1048576,
 *  "connections":1,"waiting":{"reason":"timeout","until":"2026-01-01T00:00:12.000Z"}}],"silence":{"ms":
 *  95000,"since":"2025-12-31T23:58:25.000Z","hosts":["storage.example"],"files":277},
 *  "hosts":[{"host":"storage.example","speed":{"kind":"bytes","ratio":0.8,"usual":1310720,"current":1048576},
 *  "slowSince":null,"limit":{"value":3,"ceiling":4,"reason":"refused","changedAt":"2026-01-01T00:00:00.000Z"}}],
 *  "run":{"activity":"fetching","target":null,"listedModels":12,"files":366,"bytes":12884901888,"doneFiles":87,
 *  "doneBytes":3221225472,"failedFiles":2}}
 * ```
 *
 * `bytes` are the bytes present, `totalBytes` is the size of the whole file, or `null` when it is unknown. Speeds cover
 * the last five seconds. `host` is `null` when it is unknown. `waiting` is `null` unless the last attempt failed and
 * the next one is due. `silence` says for how many milliseconds files have waited for a byte, since
 * when, for which hosts, and how many files are left; it is `null` while bytes arrive. `ratio` is the speed of a host in
 * the last seconds as a share of its usual one; `usual` and `current` are bytes per second if `kind` is `bytes`, and the
 * time of an answer in milliseconds if it is `answer`; `speed` is `null` while one of them is not known. `run` is the
 * progress of the run; `activity` is `listing` until the plan is complete, and the numbers of files and bytes are 0 until
 * then.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ActiveSnapshot } from "@civitai-dl/civitai-dl/downloader";
 *
 * const folder = await Deno.makeTempDir();
 * const snapshot = new ActiveSnapshot(folder);
 * snapshot.record({ type: "target", target: "user:NAME" });
 * const { pid, run } = JSON.parse(await Deno.readTextFile(`${folder}/${Deno.pid}.json`));
 * assertEquals([pid, run.activity], [Deno.pid, "listing"]);
 * await snapshot[Symbol.asyncDispose]();
 * await Deno.remove(folder);
 * ```
 */
export class ActiveSnapshot implements AsyncDisposable {
  readonly #path: string;
  readonly #pid: number;
  readonly #hosts: () => readonly HostReading[];
  readonly #silence: () => SilenceReading | null;
  readonly #onWarning: (message: string) => void;
  readonly #clock: Clock;
  readonly #files = new Map<string, ActiveFile>();
  readonly #end = new AbortController();
  readonly #writing: Promise<void>;
  /** Speed of all files together, since a small file may start and end between two snapshots. */
  readonly #speed: RecentSpeed;
  readonly #run = new RunProgress();
  #received = 0;
  #hasWarned = false;

  /**
   * Start writing; the first snapshot is written immediately.
   *
   * @param folder The folder `active` of a library's state; created if it is missing
   * @param options What it contains besides the downloads, warnings, clock
   */
  constructor(folder: string, options: ActiveSnapshotOptions = {}) {
    const { pid = Deno.pid, onWarning = () => {}, clock = systemClock } = options;
    this.#hosts = options.hosts ?? (() => []);
    this.#silence = options.silence ?? (() => null);
    this.#pid = pid;
    this.#onWarning = onWarning;
    this.#clock = clock;
    this.#path = join(folder, `${pid}.json`);
    this.#speed = new RecentSpeed(clock.monotonic());
    this.#attempt(() => prepare(folder, clock.now()));
    this.#writing = this.#writePeriodically();
  }

  /** Update the next snapshot with one event. */
  record(event: DownloadEvent): void {
    this.#run.record(event);
    switch (event.type) {
      case "start":
        this.#files.set(event.item.key, {
          path: event.item.path,
          host: event.host,
          totalBytes: event.totalBytes,
          bytes: event.resumedBytes,
          connections: 1,
          received: 0,
          waiting: null,
          speed: new RecentSpeed(this.#clock.monotonic()),
        });
        break;
      case "bytes":
        this.#count(event.key, event.count);
        break;
      case "retry":
        this.#change(event.item.key, (file) => {
          file.waiting = { reason: event.failure, until: this.#clock.now() + event.waitMs };
        });
        break;
      case "restart":
        this.#change(event.item.key, (file) => file.bytes = Math.max(0, file.bytes - event.lostBytes));
        break;
      case "connections":
        this.#change(event.item.key, (file) => file.connections = event.count);
        break;
      case "end":
        this.#files.delete(event.item.key);
        break;
    }
  }

  /** Stop writing, and remove the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#writing;
    this.#attempt(() => removeIfExists(this.#path));
  }

  #count(key: string, count: number): void {
    this.#received += count;
    const file = this.#files.get(key);
    if (file === undefined) return;
    file.bytes += count;
    file.received += count;
    file.waiting = null;
  }

  #change(key: string, change: (file: ActiveFile) => void): void {
    const file = this.#files.get(key);
    if (file !== undefined) change(file);
  }

  async #writePeriodically(): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      this.#attempt(() => {
        writeAtomicSync(this.#path, `${JSON.stringify(this.#snapshot())}\n`, { mode: PRIVATE_FILE_MODE });
      });
      // Only disposal ends a sleep early, and the loop checks for it.
      await this.#clock.sleep(EVERY_MS, { signal }).catch(() => {});
    }
  }

  #snapshot(): ActiveRecord {
    const now = this.#clock.monotonic();
    const downloads = [...this.#files.values()].map((file): ActiveDownload => ({
      path: file.path,
      host: file.host,
      bytes: file.bytes,
      totalBytes: file.totalBytes > 0 ? file.totalBytes : null,
      bytesPerSecond: file.speed.sample(now, file.received),
      connections: file.connections,
      waiting: file.waiting === null ? null : { reason: file.waiting.reason, until: toIso(file.waiting.until) },
    }));
    const run = this.#run.read([...this.#files.values()].reduce((sum, file) => sum + file.bytes, 0));
    return {
      schema: "civitai-dl/active",
      version: 1,
      time: toIso(this.#clock.now()),
      pid: this.#pid,
      bytesPerSecond: this.#speed.sample(now, this.#received),
      downloads,
      hosts: this.#hosts().map(({ slowSince, limit, ...reading }) => ({
        ...reading,
        slowSince: slowSince === null ? null : toIso(slowSince),
        limit: { ...limit, changedAt: limit.changedAt === null ? null : toIso(limit.changedAt) },
      })),
      silence: describeSilence(this.#silence(), run),
      run,
    };
  }

  /** Run an action on the file system; a failure only causes a single warning, since it must not end a download. */
  #attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!this.#hasWarned) {
        this.#onWarning(`Cannot write "${this.#path}": ${error instanceof Error ? error.message : error}`);
      }
      this.#hasWarned = true;
    }
  }
}

/**
 * A silence as other processes read it: while no byte arrives, all files that are left wait, not only those under way.
 * If the listing waits, no file does, however many were planned already.
 */
function describeSilence(
  silence: SilenceReading | null,
  { files, doneFiles, failedFiles }: ActiveRun,
): ActiveSilence | null {
  if (silence === null) return null;
  const { ms, since, hosts } = silence;
  const left = silence.files === 0 ? 0 : Math.max(silence.files, files - doneFiles - failedFiles);
  return { ms: Math.round(ms), since: toIso(since), hosts, files: left };
}

function toIso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Create the folder, and remove snapshots of killed processes. */
function prepare(folder: string, now: number): void {
  ensurePrivateFolder(folder);
  for (const { name } of [...Deno.readDirSync(folder)]) {
    const path = join(folder, name);
    // A file that has disappeared since then belonged to a process that ended.
    const mtime = statSyncOrNull(path)?.mtime?.getTime() ?? now;
    if (now - mtime > OLD_MS) removeIfExists(path);
  }
}

function removeIfExists(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
