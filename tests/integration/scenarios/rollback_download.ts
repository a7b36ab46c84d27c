import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startSandbox } from "../../../lib/sandbox/mod.ts";
import { keepCommands } from "../../helpers/repository/product_repository.ts";

/** Options of {@linkcode rollBackDuringDownload}. */
export interface RollbackDownloadOptions {
  /** Size of the file that is being downloaded. */
  readonly sizeBytes: number;
  /** How long its download would take; the rollback begins at a 256th of it, and must build a program meanwhile. */
  readonly seconds: number;
  /** Whether the program has only the commands that it needs here: its bundle is then made and started sooner. */
  readonly isSmall?: boolean;
  readonly onProgress?: ((text: string) => void) | undefined;
}

/** What became of the file. */
export interface RollbackDownloadFigures {
  readonly rollbackCode: number;
  readonly rollbackSeconds: number;
  /** Exit code of the run that was stopped. */
  readonly stoppedWith: number;
  /** Share of the bytes that had been sent by then. */
  readonly stoppedAt: number;
  /** What the program in use says after the rollback. */
  readonly version: string;
  /** Whether the older program finished the file with the right SHA-256. */
  readonly isFinished: boolean;
  readonly finishSeconds: number;
  /** Bytes that were sent, as a multiple of the size. */
  readonly ratio: number;
  /** Whether the newer program is in use again, and has nothing to fetch. */
  readonly isForward: boolean;
}

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const WHO = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];

interface Output {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly seconds: number;
}

async function run(words: readonly string[], cwd: string, env: Record<string, string> = {}): Promise<Output> {
  const start = performance.now();
  const [program, ...args] = words;
  const { code, stdout, stderr } = await new Deno.Command(program!, {
    args,
    cwd,
    // A task that runs the tests has set the folder of its caller.
    env: { INIT_CWD: cwd, ...env },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  const seconds = (performance.now() - start) / 1000;
  return { code, out: text.decode(stdout), err: text.decode(stderr), seconds };
}

async function must(words: readonly string[], cwd: string): Promise<Output> {
  const output = await run(words, cwd);
  if (output.code !== 0) throw new Error(`${words.join(" ")} ended with ${output.code}: ${output.err}`);
  return output;
}

/** A clone with the versions v1.0.0 and v1.1.0 of the program. */
async function makeRepository(folder: string, isSmall: boolean): Promise<string> {
  const root = join(folder, "product");
  await must(["git", "clone", "-q", ROOT, root], folder);
  if (isSmall) await keepCommands(root);
  const config = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  for (const version of ["1.0.0", "1.1.0"]) {
    await Deno.writeTextFile(join(root, "deno.json"), JSON.stringify({ ...config, version }));
    await must(["git", ...WHO, "commit", "-qam", `chore: ${version}`], root);
    await must(["git", ...WHO, "tag", "-a", `v${version}`, "-m", `v${version}`], root);
  }
  return root;
}

/**
 * Roll back in the middle of a running download: the installed version is switched to an older version,
 * which then finishes the file.
 */
export async function rollBackDuringDownload(options: RollbackDownloadOptions): Promise<RollbackDownloadFigures> {
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-rollback-" });
  try {
    return await play(folder, options);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function play(folder: string, options: RollbackDownloadOptions): Promise<RollbackDownloadFigures> {
  const { sizeBytes, seconds, isSmall = false, onProgress = () => {} } = options;
  const root = await makeRepository(folder, isSmall);
  const prefix = join(folder, "installed");
  const task = (...words: readonly string[]) =>
    run([Deno.execPath(), "task", "-q", ...words, "--prefix", prefix], root);
  const added = await task("install", "add", "v1.1.0");
  if (added.code !== 0) throw new Error(added.err);
  await using sandbox = await startSandbox({
    size: { creators: 1, modelsPerCreator: 1 },
    versionsPerModel: { min: 1, max: 1 },
    filesPerVersion: { min: 1, max: 1 },
    outcomes: {},
    nastyNames: 0,
    fileSizes: [sizeBytes],
  });
  const [fact] = sandbox.facts();
  onProgress("Hashing the source");
  const sha256 = (await fact!.sha256()).toLowerCase();
  const [creator] = sandbox.catalog.creators();
  const words = ["download", "--base-url", sandbox.apiOrigin, "-o", "library", "--user", creator!.username, "--yes"];
  const program = join(prefix, "bin", "civitai-dl");
  const env = { CIVITAI_API_KEY: sandbox.token };
  const more = ["--quiet", "--no-images", "--previews", "0", "--gallery", "0", "--reserve", "0"];
  const library = join(folder, "library");
  const rate = `${Math.ceil(sizeBytes / seconds / 2 ** 10)}K`;
  const first = run([program, ...words, ...more, "--limit-rate", rate], folder, env);
  while (sandbox.log.storageBytes < sizeBytes / 256) await new Promise((wake) => setTimeout(wake, 20));
  onProgress(`Rolling back at ${Math.round(100 * sandbox.log.storageBytes / sizeBytes)} %`);
  const back = await task("rollback", "v1.0.0", "--library", library, "--stop-run", "--json");
  const stopped = await first;
  const atStop = sandbox.log.storageBytes;
  onProgress(`${back.err}${back.out}`);
  const version = (await run([program, "--version"], folder)).out.trim();
  const finish = await run([program, ...words, ...more], folder, env);
  if (finish.code !== 0) onProgress(finish.err);
  const ratio = sandbox.log.storageBytes / sizeBytes;
  const deep = await run([program, "verify", "--deep", "-o", "library", "--json"], folder, env);
  const hashes = await run(["sh", "-c", 'find library -size +1M -type f -exec sha256sum "{}" +'], folder);
  const forward = await task("rollback", "undo");
  const before = sandbox.log.downloadHits;
  const again = await run([program, ...words, ...more], folder, env);
  return {
    rollbackCode: back.code,
    rollbackSeconds: back.seconds,
    stoppedWith: stopped.code,
    stoppedAt: atStop / sizeBytes,
    version,
    isFinished: finish.code === 0 && deep.code === 0 && hashes.out.startsWith(sha256),
    finishSeconds: finish.seconds,
    ratio,
    isForward: forward.code === 0 && again.code === 0 && sandbox.log.downloadHits === before,
  };
}
