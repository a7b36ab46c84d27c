import { exists, walk } from "@std/fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { BLOCK_BYTES, KitError } from "../../base/mod.ts";
import { lastLines } from "../install/run_program.ts";
import type { ArtifactRun, ArtifactRunner } from "./_artifact_runner.ts";
import type { ProductionPlace, StartPlace } from "./production_place.ts";

/** What a check found. */
export interface CheckFindings {
  /** In one line, for people. */
  readonly detail: string;
  /** Number of things that were tried. */
  readonly trials: number;
  /** The figures behind it. */
  readonly figures: Readonly<Record<string, number>>;
}

/** What the checks need. */
export interface CheckTools {
  readonly artifact: ArtifactRunner;
  /** The version that the program must have. */
  readonly version: string;
  readonly startPlace: StartPlace;
  /** Another artifact runner in an empty folder. */
  readonly inEmptyFolder: (name: string) => Promise<ArtifactRunner>;
}

/** A check of a production test; it throws if the program fails it. */
export type ProductionCheck = (tools: CheckTools) => Promise<CheckFindings>;

/** The large file that is interrupted, the rate at which it is fetched, and where it is interrupted. */
const BIG_BYTES = 128 << 20;
const RATE = "32M";
const KILL_AT_BYTES = 32 << 20;
/** A kill may cost a tenth of the bytes, as in the acceptance test of kills. */
const MOST_RATIO = 1.1;
/** Size of a file that crosses every threshold of the engine. */
const LARGEST_BYTES = 96 << 20;
/** The other files of a download. */
const SIZES = [LARGEST_BYTES, 9_000_000, 300_000, 20_000];
/** The first response for each larger file has a wrong byte: a hash that is not compared shows at every size. */
const CORRUPT = "corrupt:1M,on=storage,first=1";
/** A rate at which several connections for a large file pay off. */
const SHARED = "bandwidth:12M,on=storage";
/** Where the download of such a file is interrupted. */
const KILL_SHARED_AT_BYTES = 24_000_000;

/** The checks that need no network, in the order in which they run. */
export const PRODUCTION_CHECKS: Readonly<Record<string, ProductionCheck>> = {
  version: checkVersion,
  help: checkHelp,
  "self-test": checkSelfTest,
  download: checkDownload,
  resume: checkResume,
  "bad-token": checkBadToken,
};

/**
 * A handful of gentle requests to the real site, one search of one model. It needs no account.
 *
 * @throws {KitError} `network` if the site cannot be reached, which proves nothing
 */
export async function checkLive({ artifact }: CheckTools): Promise<CheckFindings> {
  const run = await artifact.run(["search", "style", "--limit", "1", "--json"]);
  // Code 6: no network, or the site is down.
  if (run.code === 6) {
    throw new KitError("network", "Cannot reach the real site", { hint: lastLines(run) });
  }
  expectExit(run, "search", 0);
  const count = run.stdout.match(/"id":/g)?.length ?? 0;
  if (count === 0) throw failed("the real site answered without a model");
  return { detail: "a search of the real site found a model", trials: 1, figures: { requests: 1 } };
}

async function checkVersion({ artifact, version }: CheckTools): Promise<CheckFindings> {
  const run = expectExit(await artifact.run(["--version"]), "--version", 0);
  const said = run.stdout.trim();
  if (said.split(/\s+/).at(-1) !== version) throw failed(`--version says "${said}", expected ${version}`);
  return { detail: said, trials: 1, figures: {} };
}

/** The whole help: that of the program, and of each command that it lists. */
async function checkHelp({ artifact }: CheckTools): Promise<CheckFindings> {
  const { stdout } = expectExit(await artifact.run(["--help"]), "--help", 0);
  const commands = [...stdout.matchAll(/^ {2}([a-z][a-z-]+) {2,}\S/gm)].map(([, name]) => name!);
  if (commands.length < 5) throw failed(`--help lists ${commands.length} commands`);
  for (const command of commands) {
    const run = expectExit(await artifact.run([command, "--help"]), `${command} --help`, 0);
    if (!run.stdout.includes("Usage:")) throw failed(`${command} --help shows no usage`);
  }
  return { detail: `help of ${commands.length} commands`, trials: commands.length, figures: {} };
}

async function checkSelfTest({ artifact }: CheckTools): Promise<CheckFindings> {
  const run = expectExit(await artifact.run(["self-test"]), "self-test", 0);
  return { detail: lastLines({ ...run, stderr: "" }, 1), trials: 1, figures: {} };
}

/**
 * A download of whole files, larger ones of which first arrive with a wrong byte; a second run that requests none of them;
 * and a damaged byte, which is found and repaired.
 */
async function checkDownload({ inEmptyFolder, startPlace }: CheckTools): Promise<CheckFindings> {
  await using place = await startPlace(SIZES);
  const artifact = await inEmptyFolder("download");
  place.setFaults([CORRUPT]);
  expectExit(await artifact.run(downloadWords(place), place.token), "download", 0);
  await assertFiles(artifact, place);
  const firstRequests = place.fileRequests;
  expectExit(await artifact.run(downloadWords(place), place.token), "the second download", 0);
  const secondRequests = place.fileRequests - firstRequests;
  if (secondRequests > 0) throw failed(`the second download made ${secondRequests} requests for files`);
  expectExit(await artifact.run(["verify", "--deep", "--output", "library"]), "verify --deep", 0);
  expectExit(await artifact.run(["list", "--output", "library"]), "list", 0);
  await repairDamage(artifact, place, []);
  await repairDamage(artifact, place, [CORRUPT]);
  const { files } = place;
  return {
    detail:
      `${files.length} files with the right SHA-256; the second run requested none; a damaged byte is found and repaired`,
    trials: files.length,
    figures: { files: files.length, firstRequests, secondRequests, fileBytes: place.fileBytes },
  };
}

/**
 * Damage a byte of the largest file, and repair it under faults of the place; without any, only the block with the byte
 * is fetched.
 */
async function repairDamage(
  artifact: ArtifactRunner,
  place: ProductionPlace,
  faults: readonly string[],
): Promise<void> {
  const library = ["--output", "library"];
  await damageLargest(artifact);
  expectExit(await artifact.run(["verify", "--deep", ...library]), "verify --deep of a damaged file", 7);
  place.setFaults(faults);
  const before = place.fileBytes;
  const words = ["repair", ...library, "--base-url", place.apiOrigin];
  expectExit(await artifact.run(words, place.token), "repair", 0);
  const fetched = place.fileBytes - before;
  if (faults.length === 0 && fetched > BLOCK_BYTES) {
    throw failed(`repair fetched ${fetched} bytes for one damaged block`);
  }
  await assertFiles(artifact, place);
}

/** A download that is killed, and finished by the next one without fetching much twice, and with right bytes only. */
async function checkResume(tools: CheckTools): Promise<CheckFindings> {
  const { inEmptyFolder, startPlace } = tools;
  await resumeWrongBytes(tools);
  await using place = await startPlace([BIG_BYTES]);
  const artifact = await inEmptyFolder("resume");
  const words = downloadWords(place);
  const { wasKilled } = await artifact.runUntil(
    [...words, "--limit-rate", RATE],
    place.token,
    () => place.fileBytes >= KILL_AT_BYTES,
  );
  if (!wasKilled) throw failed("the download ended before it could be killed");
  expectExit(await artifact.run(words, place.token), "the download after the kill", 0);
  await assertFiles(artifact, place);
  const sizeBytes = place.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const ratio = place.fileBytes / sizeBytes;
  if (ratio > MOST_RATIO) {
    throw failed(`it fetched ${ratio.toFixed(3)} times the bytes, at most ${MOST_RATIO} are allowed`);
  }
  return {
    detail: `killed by SIGKILL and finished; ${ratio.toFixed(3)} times the bytes were fetched`,
    trials: 1,
    figures: { sizeBytes, fetchedBytes: place.fileBytes, ratio },
  };
}

/** Kill the download of a file; what is resumed, by several connections if the program adds them, first arrives wrong. */
async function resumeWrongBytes({ inEmptyFolder, startPlace }: CheckTools): Promise<void> {
  await using place = await startPlace([LARGEST_BYTES]);
  const artifact = await inEmptyFolder("resume-wrong-bytes");
  const words = downloadWords(place);
  place.setFaults([CORRUPT, SHARED]);
  const { wasKilled } = await artifact.runUntil(words, place.token, () => place.fileBytes >= KILL_SHARED_AT_BYTES);
  if (!wasKilled) throw failed("the download of wrong bytes ended before it could be killed");
  place.setFaults([CORRUPT, SHARED]);
  expectExit(await artifact.run(words, place.token), "the download of wrong bytes after the kill", 0);
  await assertFiles(artifact, place);
}

async function checkBadToken({ inEmptyFolder, startPlace }: CheckTools): Promise<CheckFindings> {
  await using place = await startPlace([20_000]);
  const artifact = await inEmptyFolder("bad-token");
  const wrong = `wrong-${crypto.randomUUID()}`;
  const run = expectExit(await artifact.run(downloadWords(place), wrong), "download with a wrong key", 5);
  if (`${run.stdout}${run.stderr}`.includes(wrong)) throw failed("the wrong key is shown in the output");
  return { detail: "a wrong API key ends with 5, and is not shown", trials: 1, figures: {} };
}

function downloadWords(place: ProductionPlace): readonly string[] {
  const words = ["--base-url", place.apiOrigin, "--output", "library", "--user", place.creator, "--files", "all"];
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
    "--quiet",
  ];
}

/** Every file of the place has to be in the library, byte for byte. */
async function assertFiles(artifact: ArtifactRunner, { files }: ProductionPlace): Promise<void> {
  const found = new Set<string>();
  for await (const path of modelFiles(artifact)) found.add(await sha256Of(path));
  const missing = files.filter(({ sha256 }) => !found.has(sha256));
  if (missing.length > 0) throw failed(`${missing.length} of ${files.length} files are missing or wrong`);
}

async function* modelFiles({ folder }: ArtifactRunner): AsyncGenerator<string> {
  const library = join(folder, "library");
  if (!await exists(library)) return;
  for await (const { path } of walk(library, { includeDirs: false })) {
    if (!path.includes(".civitai-dl")) yield path;
  }
}

/** Change a byte in the middle of the largest file, and leave its date as it was. */
async function damageLargest(artifact: ArtifactRunner): Promise<void> {
  for await (const path of modelFiles(artifact)) {
    const { size, mtime } = await Deno.stat(path);
    if (size !== LARGEST_BYTES || path.includes("corrupted")) continue;
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

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  using file = await Deno.open(path, { read: true });
  for await (const chunk of file.readable) hash.update(chunk);
  return hash.digest("hex");
}

function expectExit(run: ArtifactRun, what: string, code: number): ArtifactRun {
  if (run.code === code) return run;
  throw failed(`${what} ended with ${run.code}, expected ${code}: ${lastLines(run)}`);
}

function failed(reason: string): FailedCheck {
  return new FailedCheck(reason);
}

/** Thrown if the program is not as it has to be. */
export class FailedCheck extends KitError {
  /** The name shown in stack traces. */
  override name = "FailedCheck";
  readonly reason: string;

  constructor(reason: string) {
    super("failed", `Cannot pass the production test: ${reason}`);
    this.reason = reason;
  }
}
