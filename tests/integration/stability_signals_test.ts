import { assert, assertEquals } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openEvidence } from "../../lib/base/mod.ts";
import type { SoakEvidence } from "../../lib/soak/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { spawnUncovered } from "../helpers/start_program.ts";

const SCRIPT = fileURLToPath(new URL("../../scripts/stability.ts", import.meta.url));
const IS_LINUX = Deno.build.os === "linux";

/** The real program, ended by a signal after its second interval. */
async function endBy(folder: string, signal: Deno.Signal): Promise<{ readonly code: number; readonly tookMs: number }> {
  const path = join(folder, "a.json");
  const words = ["--duration", "600", "--report-interval", "2", "--pace", "2", "--work-folder", join(folder, "work")];
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "--allow-all", SCRIPT, "-o", path, ...words],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  });
  const child = spawnUncovered(command);
  const rows = async () => await exists(path) ? (await read(folder)).rows.length : 0;
  while (await rows() < 2) await new Promise((wake) => setTimeout(wake, 50));
  // A second run in the same folder is refused while the first is active.
  if (signal === "SIGINT") assertEquals(await secondRun(folder), 4);
  const start = performance.now();
  child.kill(signal);
  const { code } = await child.status;
  return { code, tookMs: performance.now() - start };
}

async function secondRun(folder: string): Promise<number> {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "--no-prompt",
      "--allow-all",
      SCRIPT,
      "-o",
      join(folder, "b.json"),
      "--duration",
      "5",
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
  return code;
}

async function read(folder: string): Promise<SoakEvidence> {
  const text = await Deno.readTextFile(join(folder, "a.json"));
  return openEvidence(text, { schema: "civitai-dl/stability" }) as unknown as SoakEvidence;
}

/** Processes whose command line contains a folder. */
async function processesOf(folder: string): Promise<number> {
  const script = `for file in /proc/[0-9]*/cmdline; do
    case "$(tr '\\0' ' ' < "$file" 2>/dev/null)" in *"$FOLDER"*) echo x;; esac
  done`;
  const { stdout } = await new Deno.Command("sh", { args: ["-c", script], env: { FOLDER: folder }, stderr: "null" })
    .output();
  return new TextDecoder().decode(stdout).split("x").length - 1;
}

for (const [signal, expected] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test(`stability ended by ${signal} leaves a report at once and no orphan`, {
    ignore: !IS_LINUX,
  }, () =>
    inTempDir(async (folder) => {
      const { code, tookMs } = await endBy(folder, signal);
      assertEquals(code, expected);
      // Without the signal, it lasts ten minutes.
      assert(tookMs < 300_000, `${tookMs} ms`);
      const report = await read(folder);
      assertEquals([report.verdict, report.end.type], ["aborted", "signal"]);
      assertEquals(report.totals.clientBytes, report.totals.serverBytes);
      assertEquals(await processesOf(folder), 0);
      assertEquals(await Array.fromAsync(Deno.readDir(join(folder, "work"))), []);
      assert(await exists(join(folder, "a.html")));
    }));
}

Deno.test("stability leaves the report of its last interval after a kill, and its worker ends", {
  ignore: !IS_LINUX,
}, () =>
  inTempDir(async (folder) => {
    await endBy(folder, "SIGKILL");
    const report = await read(folder);
    assertEquals(report.end.type, "running");
    assert(report.rows.length >= 1 && report.actualMs >= 2000, `${report.actualMs}`);
    for (let tries = 0; await processesOf(folder) > 0; tries++) {
      assert(tries < 100, "The worker is still there");
      await new Promise((wake) => setTimeout(wake, 100));
    }
  }));
