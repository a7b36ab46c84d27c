import { exists, walk } from "@std/fs";
import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { lastLines, type RunVersion } from "../../lib/installation/mod.ts";

/** No proxy between the program and the sandbox, which is on this machine. */
const NO_PROXY = "127.0.0.1,localhost,[::1]";

/**
 * Let an earlier version of the program download from the sandbox of this one, and compare every file with its source.
 *
 * @param run Runs a command of that version
 * @param signal Stops it
 * @throws {KitError} `failed` if the version does not download, `integrity` if a file is wrong
 */
export async function tryDownload(run: RunVersion, signal: AbortSignal): Promise<string> {
  const { startSandbox } = await import("../../lib/sandbox/mod.ts");
  await using sandbox = await startSandbox({
    size: { creators: 1, modelsPerCreator: 3 },
    versionsPerModel: { min: 1, max: 1 },
    filesPerVersion: { min: 1, max: 1 },
    outcomes: {},
    fileSizes: [9_000_000],
    fileBytes: { min: 1024, max: 200_000 },
    nastyNames: 0,
  });
  const [creator] = sandbox.catalog.creators().take(1);
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-rollback-" });
  try {
    const words = ["--base-url", sandbox.apiOrigin, "-o", "library", "--user", creator!.username, "--yes", "--quiet"];
    const output = await run(["download", ...words, "--reserve", "0"], {
      cwd: folder,
      // The settings of the user are not what is judged.
      env: { CIVITAI_API_KEY: sandbox.token, NO_PROXY, XDG_CONFIG_HOME: folder },
      signal,
    });
    if (output.code !== 0) {
      throw new KitError("failed", `Cannot verify that it works: its download ended with ${output.code}`, {
        hint: `It said: ${lastLines(output)}`,
      });
    }
    const facts = [...sandbox.facts()];
    const expected = await Promise.all(facts.map((fact) => fact.sha256()));
    const found = await hashesOf(join(folder, "library"));
    if (found.size === 0) {
      throw new KitError("failed", "Cannot verify that it works: its download ended with 0, but there is no file");
    }
    const missing = expected.filter((sha256) => !found.has(sha256.toLowerCase()));
    if (missing.length === 0) return `downloaded ${facts.length} files from the sandbox; each SHA-256 is right`;
    throw new KitError(
      "integrity",
      `Cannot verify that it works: ${missing.length} of ${facts.length} files are missing or wrong`,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function hashesOf(folder: string): Promise<ReadonlySet<string>> {
  const hashes = new Set<string>();
  if (!await exists(folder)) return hashes;
  for await (const { path } of walk(folder, { includeDirs: false })) {
    const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
    hashes.add(new Uint8Array(digest).toHex());
  }
  return hashes;
}
