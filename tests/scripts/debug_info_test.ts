import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { BlobReader, configure, TextWriter, ZipReader } from "@zip.js/zip.js";
import { openLibrary } from "../../lib/downloader/mod.ts";
import { Failsafe } from "../../lib/failsafe/mod.ts";
import { command } from "../../scripts/debug_info.ts";
import { call } from "../helpers/call.ts";
import { callCommand } from "../helpers/call_command.ts";
import { plannedFile } from "../helpers/library/kept_library.ts";
import { NEEDLE, STRICT_SECRETS, USUAL_SECRETS } from "../helpers/secret_texts.ts";
import { mountSmallDisk, noSmallDisk } from "../helpers/small_disk.ts";
import { runProgram } from "../helpers/run_program.ts";
import { startProgram } from "../helpers/start_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

// Without workers, nothing outlives a test.
configure({ useWebWorkers: false, terminateWorkerTimeout: 0 });

const SECRETS = {
  key: "sk-emergency-0123456789abcdef",
  configKey: "config-key-fedcba9876543210",
  signature: "5e1f00d5e1f00d5e1f00d",
  creator: "secret_creator_77",
  catalogCreator: "hidden.artist",
  user: "zaphodb",
  topic: "ann-and-ben-17",
  mailPassword: "correct-h0rse",
  forms: NEEDLE,
};

/** Flags that name a library and logs of the test. */
function at(folder: string): readonly string[] {
  return ["--library", join(folder, "library"), "--logs", join(folder, "logs"), "--offline"];
}

/** Read every entry of an archive. */
async function unzip(path: string): Promise<ReadonlyMap<string, string>> {
  const reader = new ZipReader(new BlobReader(new Blob([await Deno.readFile(path)])));
  const texts = new Map<string, string>();
  for (const entry of await reader.getEntries()) {
    if (entry.directory) continue;
    texts.set(entry.filename, await entry.getData(new TextWriter()));
  }
  await reader.close();
  return texts;
}

/** Make a folder whose logs, state and catalog are full of secrets. */
async function makeLeaky(folder: string): Promise<Readonly<Record<string, string>>> {
  const home = join(folder, "home", SECRETS.user);
  const logs = join(folder, "logs");
  await Deno.mkdir(home, { recursive: true });
  await Deno.mkdir(logs);
  const lines = Array.from({ length: 2000 }, (_, index) =>
    JSON.stringify({
      time: "2026-01-01T00:00:00.000Z",
      type: "end",
      target: `user:${SECRETS.creator}`,
      path: `models/lora/${SECRETS.creator}/${SECRETS.creator}_v2-${index}.safetensors`,
      library: `${home}/models`,
      message: `Bearer ${SECRETS.key} at https://b2.civitai.com/f?X-Amz-Signature=${SECRETS.signature}&x=${index}`,
    }));
  await Deno.writeTextFile(join(logs, "download.log"), `${lines.join("\n")}\n`);
  const forms = Object.values({ ...USUAL_SECRETS, ...STRICT_SECRETS });
  const quoted = forms.map((message) =>
    JSON.stringify({ level: "ERROR", message, inner: JSON.stringify({ message }) })
  );
  await Deno.writeTextFile(join(logs, "other.log"), `${[...forms, ...quoted].join("\n")}\n`);
  await Deno.mkdir(join(folder, "config"));
  await Deno.writeTextFile(
    join(folder, "config", "alerts.yml"),
    `receivers: [not valid\n  # - ntfys://ntfy.example/${SECRETS.topic}\n  - smtp://me:${SECRETS.mailPassword}@mail.example\n`,
  );
  const told = [SECRETS.topic, SECRETS.mailPassword].map((secret) =>
    `told of ${secret}, saw ${home}/x and /home/${SECRETS.creator}`
  );
  await Deno.writeTextFile(join(logs, "told.log"), `${told.join("\n")}\n`);
  await Deno.writeTextFile(join(logs, "failures.jsonl"), `{"error_message":"key ${SECRETS.key} of ${SECRETS.user}"}\n`);
  await Deno.writeTextFile(join(logs, `metrics-${SECRETS.user}.json`), "{}");
  {
    using library = await openLibrary(join(folder, "library"), { command: "test" });
    library.catalog.plan(
      plannedFile(1, { creator: SECRETS.catalogCreator, path: `models/${SECRETS.creator}/a.bin` }),
      0,
    );
    await using _failsafe = await Failsafe.open(join(folder, "library/.civitai-dl/state"));
  }
  const state = join(folder, "library/.civitai-dl/state");
  await Deno.writeTextFile(
    join(state, "monitor.json"),
    `{"logs":{"${home}/logs/download.log":[]},"by":"${SECRETS.catalogCreator}"}`,
  );
  await Deno.writeTextFile(join(folder, "civitai-dl.yml"), `token: ${SECRETS.configKey}\nuser: [${SECRETS.creator}]\n`);
  return { CIVITAI_API_KEY: SECRETS.key, HOME: home };
}

Deno.test("debug-info has none of the secrets of a run full of them, in entry names as well", () =>
  inTempDir(async (folder) => {
    const variables = await makeLeaky(folder);
    const path = join(folder, "debug.zip");
    const config = ["--config", join(folder, "civitai-dl.yml")];
    const args = ["debug-info", ...at(folder), ...config, "--output", path, "--json"];
    const run = await runProgram(args, { folder, env: variables, origins: ["http://127.0.0.1:9"] });
    assertEquals(run.code, 0, run.stderr);
    const entries = await unzip(path);
    assert(entries.has("logs/download.log") && entries.has("config/civitai-dl.yml"));
    assertEquals(entries.get("logs/download.log")!.split("\n").length, 2001);
    for (const [what, secret] of Object.entries(SECRETS)) {
      for (const [name, text] of entries) {
        assert(!text.toLowerCase().includes(secret.toLowerCase()), `${what} is in ${name}`);
        assert(!name.toLowerCase().includes(secret.toLowerCase()), `${what} is in the name ${name}`);
      }
      assert(!run.stdout.includes(secret) || what === "user", `${what} is in the output`);
    }
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  }));

Deno.test("debug-info collects a configuration that cannot be used, without its key", () =>
  inTempDir(async (folder) => {
    const config = join(folder, "civitai-dl.yml");
    await Deno.writeTextFile(config, `token: ${SECRETS.configKey}\nlibrary: [\n`);
    const path = join(folder, "debug.zip");
    const { code, err, out } = await call(["debug-info", "--config", config, ...at(folder), "--output", path]);
    assertEquals(code, 0, err);
    assertStringIncludes(err, "warning: The configuration is not used: ");
    const entries = await unzip(path);
    assertEquals(entries.get("config/civitai-dl.yml"), "token: [redacted]\nlibrary: [\n");
    assertMatch(entries.get("health.json")!, /"Cannot use [^"]*civitai-dl\.yml:/);
    for (const text of [err, out, ...entries.values()]) assert(!text.includes(SECRETS.configKey), text);
  }));

Deno.test("debug-info writes the SHA-256 and size of each entry, and why others stay out", () =>
  inTempDir(async (folder) => {
    await makeLeaky(folder);
    await Deno.writeFile(join(folder, "logs", "core.log"), new Uint8Array([1, 0, 2]));
    await Deno.symlink("/etc/hosts", join(folder, "logs", "link.log"));
    await Deno.writeTextFile(join(folder, "logs", "diary.txt"), "dear diary");
    await Deno.writeTextFile(join(folder, "library", ".civitai-dl", "state", "somebody.bin"), "x");
    const path = join(folder, "debug.zip");
    const { code, out } = await callCommand(command, [...at(folder), "-o", path, "--json"]);
    assertEquals(code, 0, out);
    const entries = await unzip(path);
    const manifest = JSON.parse(entries.get("manifest.json")!);
    assertEquals(manifest.entries.length, entries.size - 1);
    for (const { name, bytes, sha256 } of manifest.entries) {
      const data = new TextEncoder().encode(entries.get(name)!);
      assertEquals([bytes, sha256], [data.length, createHash("sha256").update(data).digest("hex")], name);
    }
    const reasons = Object.fromEntries(
      manifest.leftOut.map(({ name, reason }: Record<string, string>) => [name, reason]),
    );
    assertEquals(reasons["logs/core.log"], "it is binary");
    assertEquals(reasons["logs/link.log"], "it is a link");
    assertEquals(reasons["logs/diary.txt"], "it is no log of this program");
    assertEquals(reasons["state/somebody.bin"], "it is no document of this program");
    assertMatch(reasons["catalog.db"]!, /names every model/);
    const health = JSON.parse(entries.get("health.json")!);
    assertEquals(health.checks.find(({ name }: { name: string }) => name === "catalog").status, "ok");
    assertEquals(JSON.parse(entries.get("plan.json")!).totals.count, 1);
  }));

Deno.test("debug-info takes the newest part of a log of 5 GB, from the first whole line on", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "logs", "download.log");
    await Deno.mkdir(join(folder, "logs"));
    const end = Array.from({ length: 1000 }, (_, index) => `line ${index} ${"x".repeat(90)}\n`).join("");
    {
      // The file has a hole, so that it takes no space.
      using file = await Deno.open(path, { write: true, create: true });
      await file.write(new TextEncoder().encode("first line\n"));
      await file.seek(5e9, Deno.SeekMode.Start);
      await file.write(new TextEncoder().encode(`\n${end}`));
    }
    const zip = join(folder, "debug.zip");
    const { code, out } = await callCommand(command, [...at(folder), "-o", zip, "--max-log-size", "50K"]);
    assertEquals(code, 0, out);
    const entries = await unzip(zip);
    const text = entries.get("logs/download.log")!;
    assert(text.length < 52_000 && text.endsWith(end.slice(-100)));
    assertMatch(text, /^\[\d+ characters of a line are left out\]\nline \d+ x+\n/);
    assertMatch(entries.get("manifest.json")!, /the newest 51200 of 50\d+ bytes/);
    assertMatch(out, /the newest 51200 of 50\d+ bytes/);
  }));

Deno.test("git ignores what debug-info writes into a checkout", async () => {
  const ignored = (await Deno.readTextFile(new URL("../../.gitignore", import.meta.url))).split("\n");
  assert(ignored.includes("/civitai-dl-debug-*.zip"));
  const { summary } = command.flags!.find(({ name }) => name === "output")!;
  assertStringIncludes(summary, "civitai-dl-debug-YYYYMMDD-HHMMSS.zip (UTC) here");
});

Deno.test("debug-info works without logs and with corrupt state, and says so in the archive", () =>
  inTempDir(async (folder) => {
    const state = join(folder, "library", ".civitai-dl", "state");
    await Deno.mkdir(state, { recursive: true });
    await Deno.writeTextFile(join(state, "failsafe.json"), "{broken");
    await Deno.writeTextFile(join(state, "rollout.json"), "\0\0\0");
    await Deno.writeTextFile(join(folder, "library", ".civitai-dl", "catalog.db"), "junk".repeat(2000));
    const path = join(folder, "debug.zip");
    const { code, out } = await callCommand(command, [...at(folder), "-o", path]);
    assertEquals(code, 0, out);
    const entries = await unzip(path);
    assertEquals(entries.get("state/failsafe.json"), "{broken");
    assertMatch(entries.get("plan.json")!, /it is damaged/);
    assertStringIncludes(out, "left out: there is no such folder");
    assertStringIncludes(out, "left out: it is binary");
    assertEquals(await Deno.readTextFile(join(state, "failsafe.json")), "{broken");
  }));

Deno.test("debug-info refuses to replace a file without --force, and makes a folder that is missing", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "debug.zip");
    await Deno.writeTextFile(path, "precious");
    const refused = await callCommand(command, [...at(folder), "-o", path]);
    assertEquals([refused.code, await Deno.readTextFile(path)], [2, "precious"]);
    assertStringIncludes(refused.err, "add --force");
    assertEquals((await callCommand(command, [...at(folder), "-o", path, "--force"])).code, 0);
    assert((await unzip(path)).has("manifest.json"));
    const deep = join(folder, "new", "deep", "debug.zip");
    assertEquals((await callCommand(command, [...at(folder), "-o", deep])).code, 0);
    assert((await unzip(deep)).has("manifest.json"));
    const below = await callCommand(command, [...at(folder), "-o", join(deep, "debug.zip")]);
    assertEquals(below.code, 4, below.err);
    assertStringIncludes(below.err, "Name a file on a disk with space, in a folder that you may write to");
    const other = await callCommand(command, [...at(folder), "-o", join(folder, "debug.txt")]);
    assertEquals(other.code, 2);
    assertStringIncludes(other.err, "the name of a ZIP file ends with .zip");
  }));

const why = await noSmallDisk();

Deno.test({
  name: `debug-info leaves no half file on a full disk${why === null ? "" : ` (skipped: ${why})`}`,
  ignore: why !== null,
  fn: () =>
    inTempDir(async (folder) => {
      await makeLeaky(folder);
      const small = join(folder, "small");
      await Deno.mkdir(small);
      await using disk = (await mountSmallDisk(small, 64 << 10))!;
      disk.fill();
      const { code, err } = await callCommand(command, [...at(folder), "-o", join(small, "debug.zip")]);
      assertEquals(code, 4, err);
      assertStringIncludes(err, "No space left");
      assertEquals((await Array.fromAsync(Deno.readDir(small))).map(({ name }) => name), ["filler"]);
    }),
});

Deno.test("debug-info leaves no half file when it is interrupted", () =>
  inTempDir(async (folder) => {
    for (const name of ["library", "logs"]) await Deno.mkdir(join(folder, name));
    const block = `${"a line of a log ".repeat(500)}\n`.repeat(1000);
    {
      using file = await Deno.open(join(folder, "logs", "download.log"), { write: true, create: true });
      for (let count = 0; count < 40; count++) await file.write(new TextEncoder().encode(block));
    }
    const path = join(folder, "debug.zip");
    const args = ["debug-info", ...at(folder), "-o", path, "--max-log-size", "1G"];
    const run = startProgram(args, { folder, env: {}, origins: ["http://127.0.0.1:9"] });
    const part = `${path}.part`;
    let isRunning = true;
    const ended = run.ended.finally(() => isRunning = false);
    while (isRunning && !await Deno.stat(part).then(({ size }) => size > 0, () => false)) {
      await new Promise((wake) => setTimeout(wake, 5));
    }
    run.kill("SIGINT");
    const { code, stderr } = await ended;
    assertEquals(code, 130, stderr);
    const left = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
    assertEquals(left.filter((name) => name.startsWith("debug")), []);
  }));
