import { ensureDir, walk } from "@std/fs";
import { join } from "node:path";
import {
  BLOCK_BYTES,
  type Clock,
  createRedactor,
  KitError,
  quoteWord,
  systemClock,
  VERSION,
} from "../../lib/base/mod.ts";
import { Failsafe } from "../../lib/failsafe/mod.ts";
import { CATALOG_VERSION, stateFolder } from "../../lib/library/mod.ts";
import {
  formatRecord,
  type InstalledVersion,
  programOf,
  readInstallation,
  recordPathOf,
  runProgram,
  switchVersion,
  versionFolder,
} from "../../lib/installation/mod.ts";
import { programWords } from "../_frame/child.ts";
import { compareWithSandbox } from "../_frame/library/compare_with_sandbox.ts";
import { type EmergencyPlace, LARGEST_BYTES } from "./emergency_place.ts";
import { runSelfTest } from "./run_self_test.ts";
import type { Stage } from "./run_stages.ts";

const ENGINES = ["stable", "resilient", "parallel", "turbo"] as const;
/** Where a download is killed: in the middle of its large files. */
const KILL_AT_BYTES = 12_000_000;
/** The server limits the rate, so that few bytes are in the system's buffers when the download is killed. */
const SLOW = "bandwidth:6M,on=storage";
/** The first response for each larger file has a wrong byte: a hash that is not compared shows at every size. */
const CORRUPT_AT_BYTES = 1_000_000;
const CORRUPT = `corrupt:${CORRUPT_AT_BYTES},on=storage,first=1`;
/** A rate at which several connections for a large file pay off. */
const SHARED = "bandwidth:16M,on=storage";
/** A kill may cost a tenth of the bytes. */
const MOST_RATIO = 1.1;

/**
 * The paths that must never break, in the order in which they are tried. Each works in its own folder, so any of them
 * may be left out.
 *
 * @returns The stages by name
 */
export function emergencyStages(place: EmergencyPlace): Readonly<Record<string, Stage>> {
  const stages: Readonly<Record<string, Stage>> = {
    "version": () => tryVersion(place),
    "self-test": () => trySelfTest(place),
    ...Object.fromEntries(ENGINES.map((engine) => [engine, () => tryEngine(place, engine)])),
    "resume": () => tryResume(place),
    "fallback": () => tryFallback(place),
    "verify": () => tryVerify(place),
    "rollback": () => tryRollback(place),
    "alerts": () => tryAlerts(place),
    "secrets": () => trySecrets(place),
  };
  return Object.fromEntries(
    Object.entries(stages).map(([name, stage]) => [name, () => stage().finally(() => place.removeLargeFiles(name))]),
  );
}

function failed(reason: string): KitError {
  return new KitError("failed", reason);
}

async function tryVersion(place: EmergencyPlace): Promise<string> {
  const { stdout } = await place.expect(0, ["--version"], { name: "version" });
  if (stdout.trim().split(/\s+/).at(-1) !== VERSION) throw failed(`--version says "${stdout.trim()}", not ${VERSION}`);
  return stdout.trim();
}

async function trySelfTest({ folder, signal }: EmergencyPlace): Promise<string> {
  const own = join(folder, "self-test");
  await ensureDir(own);
  const details: string[] = [];
  for await (const { name, isOk, detail } of runSelfTest(own, signal)) {
    if (!isOk) throw failed(`${name}: ${detail}`);
    details.push(detail);
  }
  return details.at(-1)!;
}

/** Compare every file with its source. */
async function compare(place: EmergencyPlace, name: string): Promise<number> {
  const { files, wrong } = await compareWithSandbox(place.sandbox, place.libraryOf(name), [place.creator]);
  if (files === 0) throw failed("no file was planned");
  if (wrong > 0) throw failed(`${wrong} of ${files} files are missing, or differ from their source`);
  return files;
}

/** Download everything; what arrives with a wrong byte is fetched again. */
async function tryEngine(place: EmergencyPlace, engine: typeof ENGINES[number]): Promise<string> {
  const repeated = await withWrongBytes(place, engine === "turbo" ? [SHARED] : [], async () => {
    await place.expect(0, place.downloadWords(["--engine", engine]), { name: engine });
  });
  const files = await compare(place, engine);
  return `SHA-256 of ${files} files is right, also of ${repeated} that first arrived with a wrong byte`;
}

/** Do something while larger files first arrive with a wrong byte. Returns the number of these files. */
async function withWrongBytes(
  { sandbox }: EmergencyPlace,
  more: readonly string[],
  work: () => Promise<void>,
): Promise<number> {
  const { parseToxic } = await import("../../lib/sandbox/mod.ts");
  sandbox.log.clear();
  sandbox.setToxics([CORRUPT, ...more].map((text) => parseToxic(text)));
  try {
    await work();
  } finally {
    sandbox.setToxics([]);
  }
  const hits = sandbox.log.requests.filter(({ toxics }) => toxics.includes("corrupt")).map(({ target }) => target);
  const files = [...sandbox.catalog.files()].filter(({ sizeBytes }) => sizeBytes > CORRUPT_AT_BYTES);
  const hit = files.filter(({ storagePath }) => hits.includes(storagePath));
  if (!hit.some(({ sizeBytes }) => sizeBytes === LARGEST_BYTES)) throw failed("the largest file was not sent");
  return hit.length;
}

/** Kill a download in the middle, and finish it without fetching much twice. */
async function tryResume(place: EmergencyPlace): Promise<string> {
  const { ratio } = await killAndFinish(place, "resume");
  if (ratio > MOST_RATIO) {
    throw failed(`it fetched ${ratio.toFixed(2)} times the bytes, at most ${MOST_RATIO} are allowed`);
  }
  return `killed by SIGKILL and finished; ${ratio.toFixed(2)} times the bytes were fetched`;
}

async function killAndFinish(
  place: EmergencyPlace,
  name: string,
  finish: (words: readonly string[]) => Promise<unknown> = (words) => place.expect(0, words, { name }),
): Promise<{ readonly ratio: number; readonly peak: number }> {
  const { parseToxic } = await import("../../lib/sandbox/mod.ts");
  const { log } = place.sandbox;
  log.clear();
  place.sandbox.setToxics([parseToxic(SLOW)]);
  const words = place.downloadWords(["--engine", "turbo"]);
  const wasKilled = await place.killWhen(() => log.storageBytes >= KILL_AT_BYTES, words, { name });
  place.sandbox.setToxics([]);
  if (!wasKilled) throw failed("the download ended before it could be killed");
  await place.waitUntilIdle();
  const firstBytes = log.storageBytes;
  log.clear();
  await finish(place.downloadWords());
  await compare(place, name);
  const sizeBytes = [...place.sandbox.facts()].reduce((sum, fact) => sum + fact.sizeBytes, 0);
  return { ratio: (firstBytes + log.storageBytes) / sizeBytes, peak: log.peakDownloads };
}

/** Time that passes for the failsafe only, so that minutes of failures take no time. It ends now. */
class PastClock implements Clock {
  #offsetMs: number;

  constructor(offsetMs: number) {
    this.#offsetMs = offsetMs;
  }

  now(): number {
    return systemClock.now() - this.#offsetMs;
  }

  monotonic(): number {
    return systemClock.monotonic() - this.#offsetMs;
  }

  sleep(ms: number): Promise<void> {
    this.#offsetMs = Math.max(0, this.#offsetMs - ms);
    return Promise.resolve();
  }
}

/** The ladder goes down a step every 30 s at most. */
const STEP_MS = 31_000;
/** One more than there are steps: on a busy machine, the killed download may have made one itself, just now. */
const ROUNDS = ENGINES.length;

/**
 * The fastest engine dies in the middle and its host keeps failing: the ladder steps down, and stable finishes, although
 * the rest of what is resumed first arrives with a wrong byte.
 */
async function tryFallback(place: EmergencyPlace): Promise<string> {
  const name = "fallback";
  const { peak } = await killAndFinish(place, name, async (words) => {
    await stepDown(place, name);
    await withWrongBytes(place, [], async () => void await place.expect(0, words, { name }));
  });
  if (peak > 1) throw failed(`${peak} files came at the same time, but stable fetches one after another`);
  return "the ladder went from turbo to stable, which finished what turbo had begun";
}

/** Let the failsafe of a library see failures until its mode is stable. */
async function stepDown(place: EmergencyPlace, name: string): Promise<void> {
  const clock = new PastClock(ROUNDS * STEP_MS);
  const state = stateFolder(place.libraryOf(name));
  await using failsafe = await Failsafe.open(state, { clock });
  for (let round = 0; round < ROUNDS; round++) {
    for (let call = 0; call < 25; call++) failsafe.record("storage.example", { type: "failed", failure: "server" });
    await clock.sleep(STEP_MS);
  }
  failsafe.record("storage.example", { type: "failed", failure: "server" });
  if (failsafe.mode !== "stable") throw failed(`the failsafe is in mode ${failsafe.mode}, expected stable`);
}

/** A catalog that opens, a check that passes, finds a damaged byte, and passes again after repair. */
async function tryVerify(place: EmergencyPlace): Promise<string> {
  const name = "verify";
  const library = ["--output", "library"];
  await place.expect(0, place.downloadWords(), { name });
  await place.expect(0, ["verify", "--deep", ...library], { name });
  const repair = ["repair", ...library, "--base-url", place.sandbox.apiOrigin];
  await damageOneByte(place, name);
  await place.expect(7, ["verify", "--deep", ...library], { name });
  place.sandbox.log.clear();
  await place.expect(0, repair, { name });
  const { storageBytes } = place.sandbox.log;
  if (storageBytes > BLOCK_BYTES) throw failed(`repair fetched ${storageBytes} bytes for one damaged block`);
  await place.expect(0, ["verify", "--deep", ...library], { name });
  await damageOneByte(place, name);
  await place.expect(7, ["verify", "--deep", ...library], { name });
  await withWrongBytes(place, [], async () => void await place.expect(0, repair, { name }));
  return `${await compare(
    place,
    name,
  )} files verified; a damaged byte was found and repaired, also if it arrives wrong`;
}

/** Damage the largest file in the middle, and leave its date as it was. */
async function damageOneByte(place: EmergencyPlace, name: string): Promise<void> {
  for await (const { path } of walk(place.libraryOf(name), { includeDirs: false })) {
    const { size, mtime } = await Deno.stat(path);
    if (path.includes(".civitai-dl") || size !== LARGEST_BYTES) continue;
    {
      using file = await Deno.open(path, { read: true, write: true });
      const byte = new Uint8Array(1);
      await file.seek(size >> 1, Deno.SeekMode.Start);
      await file.read(byte);
      byte[0]! ^= 0xff;
      await file.seek(size >> 1, Deno.SeekMode.Start);
      await file.write(byte);
    }
    await Deno.utime(path, mtime!, mtime!);
    return;
  }
  throw failed("no file was found that could be damaged");
}

/** Two versions of the program side by side, a switch and the way back. */
async function tryRollback(place: EmergencyPlace): Promise<string> {
  const installed = join(place.folder, "rollback", "installed");
  const [old, fresh] = [`${VERSION}-old`, `${VERSION}-new`] as const;
  for (const version of [old, fresh]) await installThisProgram(installed, version);
  for (const version of [old, fresh, old]) {
    await switchVersion(installed, version, { signal: place.signal });
    await assertRuns(installed, version, place);
  }
  const { previous } = await readInstallation(installed);
  if (previous !== fresh) throw failed(`the previous version is ${previous}, expected ${fresh}`);
  return "switched to another version and back";
}

/** Install this program under the name of a version. Its launcher says which version was started. */
async function installThisProgram(folder: string, name: string): Promise<void> {
  const path = versionFolder(folder, name);
  await ensureDir(path);
  const words = programWords(["--allow-read", "--allow-env", "--allow-sys"]).map(quoteWord).join(" ");
  await Deno.writeTextFile(programOf(folder, name), `#!/bin/sh\necho "started ${name}" >&2\nexec ${words} "$@"\n`, {
    mode: 0o755,
  });
  const record: InstalledVersion = {
    name,
    tag: `v${name}`,
    sha: "0".repeat(40),
    form: "executable",
    sha256: "0".repeat(64),
    patchSha256: null,
    catalogVersion: CATALOG_VERSION,
    builtAt: new Date().toISOString(),
  };
  await Deno.writeTextFile(recordPathOf(path), formatRecord(record));
}

async function assertRuns(installed: string, version: string, { folder, signal }: EmergencyPlace): Promise<void> {
  const { code, stdout, stderr } = await runProgram([join(installed, "bin", "civitai-dl"), "--version"], {
    cwd: folder,
    signal,
  });
  if (code !== 0 || !stdout.includes(VERSION)) throw failed(`${version} does not run: ${stderr}`);
  if (!stderr.includes(`started ${version}`)) throw failed(`${version} was chosen, but another version started`);
}

/** A test alert that has to arrive at a receiver on this machine. */
async function tryAlerts(place: EmergencyPlace): Promise<string> {
  const name = "alerts";
  const received: string[] = [];
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    received.push(await request.text());
    return new Response("ok");
  });
  const { port } = server.addr;
  const folder = join(place.folder, name);
  await ensureDir(folder);
  const rule = {
    alert: "HighErrorRate",
    metric: "error_rate",
    value: "5%",
    severity: "warning",
    annotations: { summary: "Many downloads fail" },
  };
  const rules = {
    version: 1,
    rules: [rule],
    receivers: [`json://127.0.0.1:${port}/hook`],
  };
  // JSON is YAML.
  await Deno.writeTextFile(join(folder, "alerts.yml"), JSON.stringify(rules));
  const options = { name, origins: [`http://127.0.0.1:${port}`] };
  await place.expect(0, ["alerts", "send-test", "--config", "alerts.yml"], options);
  if (!received.some((text) => text.includes("TestAlert"))) throw failed("the receiver got no alert");
  return `an alert reached a receiver at 127.0.0.1:${port}`;
}

/** A wrong key ends with 5; neither it nor the right one, nor a signed URL, is in any output, log or state file. */
async function trySecrets(place: EmergencyPlace): Promise<string> {
  const wrong = `wrong-${crypto.randomUUID()}`;
  await place.expect(5, place.downloadWords(), { name: "wrong-key", token: wrong });
  await place.expect(0, place.downloadWords(["--verbose"]), { name: "secrets" });
  const redact = createRedactor([wrong, place.sandbox.token]);
  const leaks = place.said.filter((text) => redact(text) !== text).map(() => "output");
  let files = 0;
  for await (const { path } of walk(place.folder, { includeDirs: false })) {
    if (!/\.(?:log|jsonl|json|txt|md)(?:\.\d+)?$/.test(path)) continue;
    files++;
    const text = await Deno.readTextFile(path);
    if (redact(text) !== text) leaks.push(path.slice(place.folder.length + 1));
  }
  if (files === 0) throw failed("there were no logs to search");
  if (leaks.length > 0) throw failed(`a key or a signed URL is in ${[...new Set(leaks)].join(", ")}`);
  return `no key and no signed URL in ${place.said.length} outputs and ${files} files`;
}
