import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import type { StatusReport } from "../../lib/monitor/mod.ts";
import { findingsOf } from "../../lib/status/headline.ts";
import { english } from "../../lib/status/english.ts";
import { Format } from "../../lib/status/format.ts";
import { sayFinding } from "../../lib/status/say_finding.ts";
import { call } from "../helpers/call.ts";
import { openFront } from "../helpers/servers/api_front.ts";
import { runProgram } from "../helpers/run_program.ts";
import { shareScript } from "../helpers/shared_script.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { atPlace, startServing } from "./_place.ts";

const ENV = { NO_COLOR: "1", LC_ALL: "C" };
/** The task has no permission to write. */
const { run: runStatus, words: WORDS } = shareScript("status", ENV);

function askStatus(folder: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  return runStatus(folder, ["--library", "library", ...args], env);
}

async function askDocument(folder: string, env: Readonly<Record<string, string>> = {}): Promise<StatusReport> {
  const { code, stdout, stderr } = await askStatus(folder, ["--json"], env);
  assertEquals(code, 0, stderr);
  return JSON.parse(stdout);
}

/** What a monitor leaves before the first download. */
async function makePlace(folder: string): Promise<void> {
  await Deno.mkdir(join(folder, "library", ".civitai-dl"), { recursive: true });
}

/** One row of the screen. */
function rowOf(screen: string, name: string): string {
  return new RegExp(`^${name} +(.*)$`, "m").exec(screen)?.[1] ?? "";
}

Deno.test("status refuses a place without a library, and creates nothing", () =>
  inTempDir(async (folder) => {
    const { code, stdout, stderr } = await askStatus(folder);
    assertEquals([code, stdout], [2, ""], stderr);
    assertStringIncludes(stderr, `Cannot find a library at "${join(folder, "library")}": it does not exist`);
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  }));

Deno.test("status says before the first download that nothing was downloaded to the default place, as doctor", () =>
  inTempDir(async (folder) => {
    const { code, stdout, stderr } = await runStatus(folder, []);
    assertEquals([code, stderr], [0, ""]);
    assertMatch(stdout, /^Attention: There is no library yet: nothing was ever downloaded to .*downloads\n/);
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  }));

Deno.test("status says that nothing was downloaded where only a monitor has been, and creates nothing", () =>
  inTempDir(async (folder) => {
    await makePlace(folder);
    const { code, stdout, stderr } = await askStatus(folder);
    assertEquals([code, stderr], [0, ""]);
    assertMatch(stdout, /^Attention: There is no library yet: nothing was ever downloaded to .*library\n/);
    assertEquals(rowOf(stdout, "Run"), "No run works on the library");
    assertStringIncludes(stdout, "No catalog yet");
    assertMatch(rowOf(stdout, "Key"), /^none: make one at/);
    assertMatch(rowOf(stdout, "Monitor"), /^not running: nobody is notified\. .*monitor .*starts one$/);
    assertEquals(await Array.fromAsync(Deno.readDir(join(folder, "library", ".civitai-dl"))), []);
  }));

Deno.test("status and the page name commands as the reader starts the program", () =>
  inTempDir(async (folder) => {
    const env = { CIVITAI_DL_COMMAND: "/opt/civitai-dl" };
    await Deno.mkdir(join(folder, "library", ".civitai-dl"), { recursive: true, mode: 0o700 });
    const { commands } = await askDocument(folder, env);
    assertEquals(commands["doctor"], "/opt/civitai-dl doctor --library library");
    const { stdout } = await askStatus(folder, [], env);
    assertMatch(rowOf(stdout, "Monitor"), /\/opt\/civitai-dl monitor --library library starts one$/);
    const logs = await askStatus(folder, ["--logs", "elsewhere", "--json"], env);
    assertEquals(
      JSON.parse(logs.stdout).commands["download"],
      "/opt/civitai-dl download --output library --logs elsewhere",
    );
    const checkout = await askDocument(folder);
    assertMatch(checkout.commands["failsafe"]!, /^deno task .*failsafe --library library$/);
  }));

Deno.test("status knows the memory of a run, and never says 0 where nothing reports it", () =>
  atPlace(
    {
      toxics: [{ type: "bandwidth", bytesPerSecond: 65_536, on: ["storage"] }],
      fileBytes: { min: 4_000_000, max: 4_000_000 },
    },
    async ({ folder, everything, start }) => {
      await Deno.mkdir(join(folder, "library", ".civitai-dl"), { recursive: true, mode: 0o700 });
      assertEquals((await askDocument(folder)).memory, { rssBytes: null });
      const download = start(everything);
      let status = await askDocument(folder);
      while (status.memory.rssBytes === null) status = await askDocument(folder);
      assert(status.memory.rssBytes > 20 * 2 ** 20, `${status.memory.rssBytes}`);
      download.kill("SIGTERM");
      await download.ended;
    },
  ));

Deno.test("status says during a download what the live page says, in one screen", () =>
  atPlace(
    {
      toxics: [{ type: "bandwidth", bytesPerSecond: 65_536, on: ["storage"] }],
      fileBytes: { min: 4_000_000, max: 4_000_000 },
    },
    async ({ folder, everything, start }) => {
      await makePlace(folder);
      const download = start(everything);
      let status = await askDocument(folder);
      while (status.downloads.length === 0 || status.throughput.bytesPerSecond === 0) {
        status = await askDocument(folder);
      }
      assertEquals([status.schema, status.version, status.processes], ["civitai-dl/status", 1, 1]);
      assertEquals([status.holder?.command, status.run?.activity], ["download", "fetching"]);
      const { stdout } = await askStatus(folder);
      const now = Date.parse(status.time);
      const view = { status, words: english, now, format: new Format("en") };
      const [first] = findingsOf(status, now);
      assertEquals(stdout.split("\n")[0], `${english.tones.good}: ${sayFinding(first!, view).text}, all quiet`);
      assertMatch(stdout.split("\n")[1]!, /^mode turbo · \d of 3 files · .* of 11\.4 MiB · .*\/s/);
      assertMatch(rowOf(stdout, "Run"), /^download \(process \d+\) works on the library\. Since /);
      assert(stdout.split("\n").length <= 24, stdout);
      download.kill("SIGTERM");
      await download.ended;
    },
  ));

Deno.test("status names the source of the key and never the key, limits, and what the library has", () =>
  atPlace({}, async ({ folder, everything, run }) => {
    assertEquals((await run([...everything, "--quota", "1"])).code, 3);
    const env = { CIVITAI_API_KEY: "a-key-that-nobody-shall-see" };
    const { stdout, stderr } = await askStatus(folder, ["--limit-rate", "5M"], env);
    assertEquals(rowOf(stdout, "Key"), "from CIVITAI_API_KEY · accepted by the last run");
    assert(!`${stdout}${stderr}`.includes("nobody-shall-see"));
    assertMatch(rowOf(stdout, "Limits"), /^--quota: 1 of 1 links in 24 h, used up until /);
    assertStringIncludes(stdout, "--limit-rate 5M");
    assertMatch(rowOf(stdout, "Disk"), /0 B kept free$/);
    assertMatch(stdout, /^ +last run: download ended with exit 3 at .* · 1 done · 2 left \(.* KiB\) · /m);
    assertMatch(stdout, /^ +1 file · .* · Planned 2$/m);
    const document = await askDocument(folder, env);
    assertEquals(document.key, { source: "CIVITAI_API_KEY", problem: null, state: "accepted" });
    assertEquals([document.holder, document.limits.quota?.links, document.library?.files], [null, 1, 1]);
    const japanese = await askStatus(folder, [], { ...env, LC_ALL: "ja_JP.UTF-8" });
    assertMatch(japanese.stdout, /^API キー +CIVITAI_API_KEY から取得 · 前回の実行で有効$/m);
  }));

Deno.test("status says whether a monitor runs, and when the rules were last evaluated without one", () =>
  atPlace({}, async ({ folder, everything, run }) => {
    assertEquals((await run(everything)).code, 0);
    const words = ["monitor", "--library", "library", "--interval", "1s", "--listen", "127.0.0.1:0"];
    const { child } = await startServing(words, { folder, word: "page at" });
    try {
      let status = await askDocument(folder);
      while (status.evaluatedAt === null) status = await askDocument(folder);
      assertEquals([status.monitor?.pid, status.monitor?.command], [child.pid, "monitor"]);
      const { stdout } = await askStatus(folder);
      assertMatch(rowOf(stdout, "Monitor"), new RegExp(`^running \\(process ${child.pid}\\)\\. Since `));
      assertMatch(rowOf(stdout, "Alerts"), /\(the monitor evaluates the rules\)$/);
      const alerts = ["alerts", "status", "--library", join(folder, "library"), "--language"];
      // The monitor writes the state only when it changes.
      assertMatch(
        (await call([...alerts, "en"])).out,
        /; the monitor evaluates them; unchanged since \d{4}-\S+ \S+ UTC\n$/,
      );
      assertMatch((await call([...alerts, "ja"])).out, /。モニターが評価中（\d{4}-\S+ \S+ UTC から変化なし）\n$/);
    } finally {
      child.kill("SIGTERM");
      await child.stdout.cancel();
      await child.status;
    }
    assertEquals((await askDocument(folder)).monitor, null);
    assertMatch(rowOf((await askStatus(folder)).stdout, "Alerts"), /\(rules last evaluated at .* ago\)$/);
  }));

Deno.test("status --watch shows the status again until it is stopped", () =>
  inTempDir(async (folder) => {
    await makePlace(folder);
    const child = new Deno.Command(Deno.execPath(), {
      args: [...WORDS, "--library", "library", "--watch", "--json"],
      cwd: folder,
      env: { ...ENV, XDG_CONFIG_HOME: folder },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let said = "";
    while (said.split("\n").length < 3) said += (await lines.read()).value ?? "";
    child.kill("SIGINT");
    for (let piece = await lines.read(); !piece.done; piece = await lines.read()) said += piece.value;
    await child.stderr.cancel();
    assertEquals((await child.status).code, 130);
    const times = said.trim().split("\n").map((line) => Date.parse(JSON.parse(line).time));
    assert(times[1]! > times[0]!);
  }));

Deno.test("status says first that the library is gone, whose place is empty", () =>
  atPlace({}, async ({ folder, everything, run }) => {
    const env = { XDG_STATE_HOME: folder, TMPDIR: join(folder, "tmp") };
    await Deno.mkdir(env.TMPDIR);
    assertEquals((await run(everything, env)).code, 0);
    await Deno.rename(join(folder, "library"), join(folder, "away"));
    await Deno.mkdir(join(folder, "library"));
    // It was there until two days ago.
    const memory = join(folder, "civitai-dl", "libraries");
    const [{ name }] = await Array.fromAsync(Deno.readDir(memory)) as [Deno.DirEntry];
    const seenAt = new Date(Date.now() - 2 * 86_400_000).toISOString();
    const known = JSON.parse(await Deno.readTextFile(join(memory, name)));
    await Deno.writeTextFile(join(memory, name), JSON.stringify({ ...known, seenAt }));
    const { code, stdout } = await askStatus(folder, [], env);
    assertEquals(code, 0);
    assertEquals((await askDocument(folder, env)).gone?.lastSeen, seenAt);
    const time = new Format("en").time(seenAt, Date.now());
    assertStringIncludes(
      stdout,
      `Trouble: The library is gone: it was last seen at ${time} in ${join(folder, "library")}`,
    );
    assertMatch(stdout, /^Library +The library ".*library" is gone: an empty folder is there now/m);
    assertStringIncludes(stdout, "What to do: Mount its disk");
    assert(!stdout.includes("There is no library yet"), stdout);
    for (const name of ["Alerts", "Disk", "Monitor"]) {
      assertEquals(rowOf(stdout, name), "not known until the library is back", name);
    }
    const { disk } = await askDocument(folder, env);
    assertEquals([disk.usedPercent, disk.freeBytes], [null, null]);
    assertEquals(await Array.fromAsync(Deno.readDir(join(folder, "library"))), []);
  }));

Deno.test("status shows a program that reads a damaged library what it can", () =>
  atPlace({}, async ({ folder, everything, run }) => {
    assertEquals((await run(everything)).code, 0);
    const state = join(folder, "library", ".civitai-dl", "state");
    await Deno.writeTextFile(join(state, "failsafe.json"), "{");
    await Deno.writeTextFile(join(state, "quota.json"), "{");
    await Deno.writeTextFile(join(folder, "library", ".civitai-dl", "catalog.db"), "not a catalog");
    const { code, stdout, stderr } = await runProgram(["status", "--library", "library"], {
      folder,
      origins: [],
      env: { LC_ALL: "C" },
    });
    assertEquals(code, 0, stderr);
    assertMatch(stdout, /^Trouble: Cannot read catalog ".*catalog\.db": it is damaged/);
    assert(!stdout.includes("There is no library yet"), stdout);
    assertMatch(stdout, /^ *What to do: .* doctor --library library says what is wrong/m);
    assertMatch(rowOf(stdout, "Library"), /it is damaged$/);
    assertMatch(stderr, /^warning: .*failsafe\.json/m);
    assertMatch(stderr, /^warning: .*catalog/m);
    assertEquals(await Deno.readTextFile(join(state, "failsafe.json")), "{");
  }));

Deno.test("status names the creator whose listing ended the last run", () =>
  atPlace({ size: { creators: 2, modelsPerCreator: 2 } }, async ({ folder, sandbox, runAt }) => {
    const names = [...sandbox.catalog.creators()].map((creator) => creator.username);
    await using front = openFront(sandbox.apiOrigin, (url) => {
      const isListing = url.pathname === "/api/v1/models" && url.searchParams.get("username") === names[0];
      return isListing ? Response.json({}, { status: 500 }) : undefined;
    });
    const targets = names.flatMap((name) => ["--user", name]);
    const words = ["download", ...targets, "--yes", "--logs", "logs", "--max-retries", "0"];
    assertEquals((await runAt(front.origin, words)).code, 1);
    const { stdout } = await askStatus(folder);
    const [first] = stdout.split("\n");
    assertMatch(first!, /^Trouble: The last run \(download\) ended with exit 1: 1 target was not planned: user:/);
    assertStringIncludes(first!, `user:${names[0]}`);
  }));
