import { assertEquals } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "node:path";
import { openLibrary, openRun, type RunLogs } from "../../../lib/downloader/mod.ts";
import { PROFILES } from "../../../lib/transfer/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

/** Open a run in a new library, let it report a warning, and return the files of its logs and of the library's state. */
async function recordedBy(
  folder: string,
  { isDryRun, where }: { readonly isDryRun: boolean; readonly where: string | null },
): Promise<Readonly<Record<"logs" | "state", readonly string[]>>> {
  const root = join(folder, "models");
  const logs: RunLogs | null = where === null ? null : { folder: where, redact: (text) => text };
  const seen: string[] = [];
  {
    using library = await openLibrary(root, { command: "test" });
    await using run = await openRun(library, {
      command: "test",
      logs,
      isDryRun,
      hasRollout: true,
      profile: PROFILES.turbo,
      force: undefined,
      limits: undefined,
      patienceMs: 1000,
      maxRetries: undefined,
      bandwidth: undefined,
      throttle: undefined,
      durable: false,
      hostTimeouts: [],
      client: { baseUrl: "http://127.0.0.1:9", timeoutMs: 1000 },
      env: () => undefined,
      onEvent: ({ type }) => void seen.push(type),
      onWarning: (message) => void seen.push(message),
    });
    run.engine.onEvent({ type: "warning", message: "x" });
    assertEquals(run.progress === undefined, isDryRun || where === null);
  }
  assertEquals(seen, ["warning"]);
  return { logs: await namesIn(join(folder, "logs")), state: await namesIn(join(root, ".civitai-dl", "state")) };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  if (!await exists(folder)) return [];
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).toSorted();
}

Deno.test("openRun() writes a log and journals where its settings say", () =>
  inTempDir(async (folder) => {
    const { logs, state } = await recordedBy(folder, { isDryRun: false, where: join(folder, "logs") });
    assertEquals(logs.filter((name) => name === "download.log" || name === "metrics.jsonl"), [
      "download.log",
      "metrics.jsonl",
    ]);
    assertEquals(state, ["active", "quota.json"]);
  }));

Deno.test("openRun() without logs counts for the quota and writes nothing else", () =>
  inTempDir(async (folder) => {
    const { logs, state } = await recordedBy(folder, { isDryRun: false, where: null });
    assertEquals([logs, state], [[], ["quota.json"]]);
  }));

Deno.test("openRun() of a dry run writes nothing", () =>
  inTempDir(async (folder) => {
    const { logs, state } = await recordedBy(folder, { isDryRun: true, where: join(folder, "logs") });
    assertEquals([logs, state], [[], []]);
  }));
