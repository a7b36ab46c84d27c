import { ensureDir, exists, walk } from "@std/fs";
import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import type { Sandbox } from "../../lib/sandbox/mod.ts";
import { childCommand } from "../_frame/child.ts";

/** The output of a run of the program. */
export interface ProgramRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of a run. */
export interface EmergencyRunOptions {
  /** Name of the folder that it runs in, below that of the test. */
  readonly name: string;
  /**
   * The API key.
   *
   * @default {that of the sandbox}
   */
  readonly token?: string | undefined;
  /** Origins that it may reach besides the sandbox. */
  readonly origins?: readonly string[] | undefined;
}

/** Size of the largest file, which crosses every threshold of the engine. */
export const LARGEST_BYTES = 96 << 20;
/** Sizes of the files: the largest, one of two blocks, and smaller ones. */
const FILE_SIZES = [LARGEST_BYTES, 24_000_000, 3_000_000, 200_000, 20_000];

/** Files that are larger have no text that could contain a secret. */
const LARGE_FROM_BYTES = 1 << 20;

const POLL_MS = 5;
const IDLE_PATIENCE_MS = 10_000;

/** An empty folder, a local Civitai, and this program as a process of its own. */
export class EmergencyPlace implements AsyncDisposable {
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly creator: string;
  readonly signal: AbortSignal;
  /** Everything that runs of the program have said, for the search for secrets. */
  readonly said: string[] = [];

  private constructor(folder: string, sandbox: Sandbox, signal: AbortSignal) {
    this.folder = folder;
    this.sandbox = sandbox;
    this.signal = signal;
    this.creator = [...sandbox.catalog.creators().take(1)][0]!.username;
  }

  /** Start the sandbox. */
  static async open(folder: string, signal: AbortSignal): Promise<EmergencyPlace> {
    const { startSandbox } = await import("../../lib/sandbox/mod.ts");
    const sandbox = await startSandbox({
      size: { creators: 1, modelsPerCreator: FILE_SIZES.length },
      versionsPerModel: { min: 1, max: 1 },
      filesPerVersion: { min: 1, max: 1 },
      outcomes: {},
      requireLogin: 1,
      fileSizes: FILE_SIZES,
      nastyNames: 0,
      token: `emergency-${crypto.randomUUID()}`,
    });
    return new EmergencyPlace(folder, sandbox, signal);
  }

  /** Stop the sandbox. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.sandbox[Symbol.asyncDispose]();
  }

  /** Path of the library of a run. */
  libraryOf(name: string): string {
    return join(this.folder, name, "library");
  }

  /** Remove the large files of a library, so that the libraries of all paths need little space. */
  async removeLargeFiles(name: string): Promise<void> {
    const library = this.libraryOf(name);
    if (!await exists(library)) return;
    for await (const { path } of walk(library, { includeDirs: false, skip: [/\.civitai-dl/] })) {
      if ((await Deno.lstat(path)).size > LARGE_FROM_BYTES) await Deno.remove(path);
    }
  }

  /** Run a command to its end, whatever its exit code. */
  async run(args: readonly string[], options: EmergencyRunOptions): Promise<ProgramRun> {
    const child = await this.#start(args, options);
    const stop = (): void => child.kill("SIGKILL");
    this.signal.addEventListener("abort", stop);
    try {
      const { code, stdout, stderr } = await child.output();
      this.signal.throwIfAborted();
      const text = new TextDecoder();
      const run = { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
      this.said.push(run.stdout, run.stderr);
      return run;
    } finally {
      this.signal.removeEventListener("abort", stop);
    }
  }

  /** Run a command that has to end with an exit code. */
  async expect(code: number, args: readonly string[], options: EmergencyRunOptions): Promise<ProgramRun> {
    const run = await this.run(args, options);
    if (run.code === code) return run;
    const said = `${run.stderr}${run.stdout}`.trim().split("\n").slice(-3).join("; ");
    throw new KitError("failed", `${args[0]} ended with ${run.code}, expected ${code}: ${said}`);
  }

  /** Start a command and kill it by SIGKILL when a condition holds. Returns whether it still ran then. */
  async killWhen(isReached: () => boolean, args: readonly string[], options: EmergencyRunOptions): Promise<boolean> {
    const child = await this.#start(args, options);
    let hasEnded = false;
    const ended = child.output().then(() => hasEnded = true);
    try {
      while (!hasEnded && !isReached()) {
        this.signal.throwIfAborted();
        await new Promise((wake) => setTimeout(wake, POLL_MS));
      }
      return !hasEnded;
    } finally {
      if (!hasEnded) child.kill("SIGKILL");
      await ended;
    }
  }

  /** Wait until the sandbox has noticed that a killed program has closed its connections. */
  async waitUntilIdle(): Promise<void> {
    const end = performance.now() + IDLE_PATIENCE_MS;
    while (this.sandbox.log.activeDownloads > 0) {
      this.signal.throwIfAborted();
      if (performance.now() > end) throw new KitError("failed", "the sandbox still sends to a program that was killed");
      await new Promise((wake) => setTimeout(wake, POLL_MS));
    }
  }

  async #start(args: readonly string[], options: EmergencyRunOptions): Promise<Deno.ChildProcess> {
    const { name, token = this.sandbox.token, origins = [] } = options;
    const folder = join(this.folder, name);
    await ensureDir(folder);
    const { apiOrigin, storageOrigin } = this.sandbox;
    return childCommand(args, {
      folder,
      // HOME stays: Deno has the packages of the program there, and this must work without a network.
      env: { CIVITAI_API_KEY: token, TMPDIR: folder },
      origins: [apiOrigin, storageOrigin, ...origins],
    }).spawn();
  }

  /** The command line of a download of everything. */
  downloadWords(more: readonly string[] = []): readonly string[] {
    const words = ["--base-url", this.sandbox.apiOrigin, "--output", "library", "--user", this.creator];
    return [
      "download",
      ...words,
      "--no-images",
      "--previews",
      "0",
      "--gallery",
      "0",
      "--reserve",
      "0",
      "--yes",
      ...more,
    ];
  }
}
