import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { acquireLock } from "../../lib/base/mod.ts";
import { openModeNotices } from "../../scripts/_download/mode_notices.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const WORKER = fileURLToPath(new URL("./_notified_run.ts", import.meta.url));
const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));
const RULES = `
groups:
  - name: all
    rules: [{ alert: Errors, expr: "error_rate > 0.05", severity: warning, annotations: { summary: s } }]
route: { receiver: me }
receivers: [{ name: me, urls: ["stdout:"] }]
`;

interface Place {
  readonly folder: string;
  readonly state: string;
  /** Log a change of the mode, and notify of it as a download does. */
  readonly change: (from: string, to: string, time?: string) => Promise<void>;
  readonly printed: string[];
  readonly warnings: string[];
}

function inLibrary(rules: string | null, story: (place: Place) => Promise<void>): Promise<void> {
  return inTempDir(async (folder) => {
    const state = join(folder, ".civitai-dl", "state");
    const file = join(folder, "alerts.yml");
    await Deno.mkdir(state, { recursive: true, mode: 0o700 });
    if (rules !== null) await Deno.writeTextFile(file, rules);
    const printed: string[] = [];
    const warnings: string[] = [];
    const change = async (from: string, to: string, time = "2026-11-27T10:00:00.000Z") => {
      const line = JSON.stringify({ time, level: "WARN", type: "mode", from, to, reason: "8 of 20 calls failed" });
      await Deno.writeTextFile(join(folder, "download.log"), `${line}\n`, { append: true });
      await using notices = openModeNotices({
        library: folder,
        logs: folder,
        rules: file,
        env: () => undefined,
        print: (text) => void printed.push(text),
        onWarning: (message) => void warnings.push(message),
      });
      notices.notify({ from, to });
    };
    await story({ folder, state, change, printed, warnings });
  });
}

Deno.test("a change of the mode is told to the receivers once, also by a later run that finds it in the log", () =>
  inLibrary(RULES, async ({ change, printed, warnings }) => {
    await change("turbo", "parallel");
    await change("turbo", "parallel");
    assertEquals([printed.length, warnings], [1, []]);
    assertStringIncludes(printed[0]!, "The engine went from turbo to parallel: 8 of 20 calls failed");
    await change("turbo", "parallel", "2026-11-27T11:00:00.000Z");
    await change("parallel", "turbo", "2026-11-27T11:00:00.000Z");
    assertEquals(printed.length, 3);
  }));

Deno.test("a change of the mode is left to a monitor that runs", () =>
  inLibrary(RULES, async ({ state, change, printed, warnings }) => {
    {
      using _monitor = await acquireLock(join(state, "monitor.lock"), { command: "monitor" });
      await change("turbo", "parallel");
    }
    assertEquals([printed, warnings], [[], []]);
  }));

Deno.test("a change of the mode is told to nobody without a file of rules, and to no receiver that may read secrets", async () => {
  await inLibrary(null, async ({ change, printed, warnings }) => {
    await change("turbo", "parallel");
    assertEquals([printed, warnings], [[], []]);
  });
  await inLibrary(RULES.replace("stdout:", "file:${SECRET}"), async ({ change, printed, warnings }) => {
    await change("turbo", "parallel");
    assertEquals([printed, warnings.length], [[], 1]);
    assertStringIncludes(warnings[0]!, "Cannot notify the receivers of");
    assertStringIncludes(warnings[0]!, "${SECRET}");
  });
});

Deno.test("a run gives the text of a stdout: receiver as it is, and not as a warning", () =>
  inTempDir(async (folder) => {
    for (const name of ["config", "logs", ".civitai-dl/state"]) {
      await Deno.mkdir(join(folder, name), { recursive: true, mode: 0o700 });
    }
    await Deno.writeTextFile(join(folder, "config/alerts.yml"), RULES);
    const change = { time: "2026-11-27T10:00:00.000Z", level: "WARN", type: "mode", from: "turbo", to: "parallel" };
    await Deno.writeTextFile(join(folder, "logs/download.log"), `${JSON.stringify({ ...change, reason: "slow" })}\n`);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-prompt", "--config", CONFIG, "-P=library", WORKER],
      cwd: folder,
    }).output();
    const text = new TextDecoder();
    assertEquals(text.decode(stderr), "");
    const said = JSON.parse(text.decode(stdout)) as readonly (readonly [string, string])[];
    assertEquals(said.map(([kind]) => kind), ["notification"]);
    assertStringIncludes(said[0]![1], "The engine went from turbo to parallel: slow");
  }));
