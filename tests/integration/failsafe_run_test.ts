import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { systemClock } from "../../lib/base/mod.ts";
import {
  connectionPermits,
  createHostLimits,
  type DownloadEvent,
  HostAdmission,
  openEventLog,
  openLibrary,
  RunMode,
} from "../../lib/downloader/mod.ts";
import { Failsafe, FailureError } from "../../lib/failsafe/mod.ts";
import { LogFollower } from "../../lib/journal/mod.ts";
import { LogWatch } from "../../lib/monitor/mod.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../lib/sandbox/mod.ts";
import { PROFILES } from "../../lib/transfer/mod.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { downloadWords } from "./scenarios/download_words.ts";
import { startProgram } from "../helpers/start_program.ts";

const FILES = 60;
const PLAIN: SandboxOptions = {
  size: { creators: 1, modelsPerCreator: FILES },
  versionsPerModel: { min: 1, max: 1 },
  requireLogin: 0,
  filesPerVersion: { min: 1, max: 1 },
  imagesPerVersion: { min: 0, max: 0 },
  galleryPerVersion: 0,
  outcomes: {},
  nastyNames: 0,
  fileBytes: { min: 2000, max: 9000 },
};

async function run(sandbox: Sandbox, folder: string, options: {
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}) {
  const { words = downloadWords(sandbox, ["--events", "--no-images"]), env = {} } = options;
  return await startProgram(words, {
    folder,
    origins: [sandbox.apiOrigin, sandbox.storageOrigin],
    env: { CIVITAI_API_KEY: sandbox.token, XDG_CONFIG_HOME: folder, ...env },
  }).ended;
}

Deno.test("download steps down when storage fails, reports why, completes, and keeps the configuration", () =>
  inTempDir(async (folder) => {
    await using sandbox = await startSandbox({
      ...PLAIN,
      toxics: [{ type: "serverError", status: 500, rate: 0.45, first: 1, on: ["storage"] }],
    });
    const config = join(folder, "civitai-dl.yml");
    const text = "# mine\r\nengine: turbo\n\n# keep\n";
    await Deno.writeTextFile(config, text);
    const { code, stdout, stderr } = await run(sandbox, folder, {});
    assertEquals(code, 0, stderr);
    const events = stdout.trim().split("\n").map((line) => JSON.parse(line) as DownloadEvent);
    const [step, ...more] = events.filter((event) => event.type === "mode");
    assertEquals([step?.from, step?.to], ["turbo", "parallel"]);
    assertMatch(step!.reason, /calls failed|breaker/);
    assert(more.length < 8, `${more.length} more`);
    assertMatch(stderr, /failsafe: turbo → parallel: /);
    using library = await openLibrary(join(folder, "library"), { command: "list", mustExist: true, readOnly: true });
    const done = [...library.catalog.items({ kinds: ["file"], states: ["done"] })];
    assertEquals(library.catalog.totals({ kinds: ["file"] }).count, done.length);
    assert(done.length > FILES / 2, `${done.length} files`);
    for (const item of done) assertEquals(item.sha256?.toUpperCase(), await sandbox.sha256Of(item.fileId!));
    const status = await run(sandbox, folder, { words: ["failsafe", "status", "--library", "library", "--json"] });
    assertMatch(JSON.parse(status.stdout).mode.reason, /calls failed|breaker/);
    assertEquals(await Deno.readTextFile(config), text);
    const logged = (await Deno.readTextFile(join(folder, "logs", "download.log"))).split("\n");
    assertEquals(logged.filter((line) => line.includes('"type":"mode"')).length, 1 + more.length);
  }));

Deno.test("CIVITAI_DL_DISABLE_EXPERIMENTAL=1 overrides a held mode and --engine", () =>
  inTempDir(async (folder) => {
    await using sandbox = await startSandbox({ ...PLAIN, toxics: [{ type: "latency", ms: 15, on: ["storage"] }] });
    const peakOf = async (name: string, env: Readonly<Record<string, string>>): Promise<number> => {
      sandbox.log.clear();
      const place = join(folder, name);
      await Deno.mkdir(join(place, "library", ".civitai-dl", "state"), { recursive: true });
      const failsafe = await Failsafe.open(join(place, "library", ".civitai-dl", "state"));
      failsafe.hold("turbo");
      await failsafe[Symbol.asyncDispose]();
      const words = downloadWords(sandbox, ["--engine", "turbo", "--no-images"]);
      const { code, stderr } = await run(sandbox, place, { words, env });
      assertEquals(code, 0, stderr);
      return sandbox.log.peakDownloads;
    };
    assert(await peakOf("bold", {}) > 1);
    assertEquals(await peakOf("careful", { CIVITAI_DL_DISABLE_EXPERIMENTAL: "1" }), 1);
  }));

Deno.test("sixteen workers that fail at once cause one event and one log line", () =>
  inTempDir(async (folder) => {
    const events: DownloadEvent[] = [];
    const logs = join(folder, "logs");
    {
      using log = openEventLog(logs, { redact: (text) => text });
      const see = (event: DownloadEvent): void => {
        events.push(event);
        log.write(event);
      };
      const clock = new FakeClock();
      await using failsafe = await Failsafe.open(join(folder, "state"), {
        clock,
        onEvent: ({ time: _, ...event }) => see(event),
      });
      // A breaker opens ten seconds after the first call at the earliest.
      failsafe.admit("storage.example").finish({ type: "failed", failure: "server" });
      clock.advance(10_000);
      const profile = { ...PROFILES.turbo, connections: 16 };
      const mode = new RunMode({ top: profile, failsafe });
      const limits = createHostLimits({ profile, mode, onEvent: see, clock: systemClock });
      const gate = connectionPermits(limits, new HostAdmission({ failsafe }));
      const permits = await Promise.all(Array.from({ length: 16 }, () => gate.acquire("storage.example", {})));
      for (const permit of permits) permit.recordFailure(new FailureError("server", "500"));
      for (const permit of permits) permit[Symbol.dispose]();
      // Each of them reads the mode afterwards.
      assertEquals(new Set(permits.map(() => failsafe.mode)), new Set(["parallel"]));
    }
    const opened = events.filter((event) => event.type === "breaker").map(({ to }) => to);
    const steps = events.filter((event) => event.type === "mode").map(({ to }) => to);
    assertEquals([opened, steps], [["open"], ["parallel"]]);
    using follower = new LogFollower(join(logs, "download.log"), { from: "start" });
    const told: string[] = [];
    const watch = new LogWatch(follower, { onAdvice: () => {}, onMode: ({ to }) => void told.push(to) });
    for (let look = 0; look < 3; look++) await watch.poll();
    assertEquals(told, ["parallel"]);
  }));
