import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTempDir } from "../helpers/temp_dir.ts";
import { call } from "../helpers/call.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SHIPPED = join(ROOT, "config", "alerts.yml");

/** The shipped rules without waits, and with a receiver in the folder. */
async function writeRules(folder: string, changes: readonly (readonly [string, string])[] = []): Promise<string> {
  let text = (await Deno.readTextFile(SHIPPED)).replaceAll(/^ +(for|keepFiringFor): .*\n/gm, "");
  text = text.replace("file:logs/alerts.jsonl", `file://${join(folder, "outbox.jsonl")}`);
  for (const [from, to] of changes) text = text.replace(from, to);
  const path = join(folder, "alerts.yml");
  await Deno.writeTextFile(path, text);
  return path;
}

async function firing(folder: string, library: string, config: string): Promise<readonly string[]> {
  const words = ["--config", config, "--library", library, "--logs", join(folder, "logs"), "--json"];
  const { code, out, err } = await call(["check-alerts", ...words]);
  const { alerts } = JSON.parse(out) as { alerts: readonly { rule: string; state: string }[] };
  const names = alerts.filter(({ state }) => state === "firing").map(({ rule }) => rule).sort();
  assertEquals(code, names.length === 0 ? 0 : 1, err);
  return names;
}

async function run(program: string, ...args: readonly string[]): Promise<boolean> {
  const child = new Deno.Command(program, { args: [...args], stdout: "null", stderr: "null" });
  return (await child.output()).success;
}

/** Whether this process may mount a small disk. */
async function canMount(): Promise<boolean> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  const folder = await Deno.makeTempDir();
  const isMounted = await run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder).catch(() => false);
  if (isMounted) await run("umount", folder);
  await Deno.remove(folder);
  return isMounted;
}

Deno.test({
  name: "the shipped disk rule fires above 90 % of a real disk, and resolves when space is freed",
  // Without permission to mount there is no small disk to fill.
  ignore: !await canMount(),
  fn: () =>
    inTempDir(async (folder) => {
      const config = await writeRules(folder);
      const library = join(folder, "library");
      await Deno.mkdir(library);
      assertEquals(await run("mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", library), true);
      try {
        await Deno.writeFile(join(library, "ballast"), new Uint8Array(16 << 20));
        assertEquals(await firing(folder, library, config), []);
        await Deno.writeFile(join(library, "more"), new Uint8Array(Math.ceil(2.3 * 1024 * 1024)));
        assertEquals(await firing(folder, library, config), ["HighDiskUsage"]);
        await Deno.remove(join(library, "ballast"));
        assertEquals(await firing(folder, library, config), []);
      } finally {
        await run("umount", library);
      }
    }),
});

Deno.test({
  name: "monitor reports a full disk on which it starts, and refuses commands with an error",
  ignore: !await canMount(),
  fn: () =>
    inTempDir(async (folder) => {
      const config = await writeRules(folder, [["groupWait: 5m", "groupWait: 0s"]]);
      const library = join(folder, "library");
      await Deno.mkdir(library);
      assertEquals(await run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", library), true);
      try {
        await Deno.mkdir(join(library, ".civitai-dl"));
        await Deno.writeFile(join(library, "ballast"), new Uint8Array(1 << 20)).catch(() => {});
        const words = ["--config", config, "--library", library, "--logs", join(library, "logs")];
        const monitor = await call(["monitor", "--once", ...words]);
        assertEquals(monitor.code, 4, monitor.err);
        assertStringIncludes(monitor.err, "error: Cannot continue: No space left on device");
        assertStringIncludes(await Deno.readTextFile(join(folder, "outbox.jsonl")), "HighDiskUsage");
        const hold = await call(["failsafe", "hold", "stable", "--library", library]);
        assertEquals([hold.code, hold.out], [4, ""]);
        assertStringIncludes(hold.err, "error: Cannot change the failsafe: its state in ");
      } finally {
        await run("umount", library);
      }
    }),
});

/** A process that uses real memory and writes the journal of a run. */
const HUNGRY = `
  import { defineDownloadMetrics, recordProcess } from ${JSON.stringify(join(ROOT, "lib/downloader/mod.ts"))};
  import { MetricJournal, MetricRegistry } from ${JSON.stringify(join(ROOT, "lib/metrics/mod.ts"))};
  const held = new Uint8Array(Number(Deno.args[1])).fill(1);
  const registry = new MetricRegistry();
  const instruments = defineDownloadMetrics(registry);
  await using journal = new MetricJournal(Deno.args[0], registry, { onTick: () => recordProcess(instruments) });
  await journal.flush();
  console.log("written");
  await Deno.stdin.read(new Uint8Array(1));
  if (held[0] !== 1) throw new Error("never");
`;

Deno.test("the shipped memory rule fires for a process above the limit", () =>
  inTempDir(async (folder) => {
    const config = await writeRules(folder, [["2048 MB", "400 MB"], ["value: 90%", "value: 100%"]]);
    const script = join(folder, "hungry.ts");
    await Deno.writeTextFile(script, HUNGRY);
    const logs = join(folder, "logs");
    for (const [bytes, expected] of [[1, []], [450 << 20, ["HighMemoryUsage"]]] as const) {
      await Deno.remove(join(logs, "metrics.jsonl")).catch(() => {});
      const child = new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "-q",
          "--no-prompt",
          "--config",
          join(ROOT, "deno.json"),
          "-R",
          "-W",
          "--allow-env",
          "--allow-sys",
          script,
          logs,
          String(bytes),
        ],
        stdin: "piped",
        stdout: "piped",
        stderr: "inherit",
        cwd: ROOT,
      }).spawn();
      const reader = child.stdout.getReader();
      const { value } = await reader.read();
      assertStringIncludes(new TextDecoder().decode(value), "written");
      assertEquals(await firing(folder, join(folder, "library"), config), expected);
      await child.stdin.close();
      await reader.cancel();
      await child.status;
    }
  }));
