import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installRelease, type ReleaseServer, serveReleases } from "../../helpers/servers/release_server.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** An installation of v1.0.0, and a server of releases that gives v1.1.0 to everybody. */
export interface UpdatePlace {
  readonly prefix: string;
  readonly server: ReleaseServer;
  /** Start `self-update` as a process with the permissions of its task. */
  readonly start: (words?: readonly string[], env?: Readonly<Record<string, string>>) => Deno.ChildProcess;
}

/** How a process ended. */
export interface UpdateRun {
  readonly code: number;
  readonly signal: Deno.Signal | null;
  readonly out: string;
  readonly err: string;
}

/** Make such a place, which is removed afterwards. */
export function inUpdatePlace(use: (place: UpdatePlace) => Promise<void>): Promise<void> {
  return inTempDir(async (folder) => {
    const prefix = join(folder, "installed");
    // A killed process leaves what it has there.
    const temporary = join(folder, "temporary");
    await Deno.mkdir(temporary);
    await installRelease(prefix, "v1.0.0");
    await using server = await serveReleases(join(folder, "releases"));
    server.releases = [{ version: "1.1.0", percentage: 100, salt: "1.1.0" }];
    const script = ["run", "-q", "--no-prompt", "--config", join(ROOT, "deno.json"), "-P=selfUpdate"];
    await use({
      prefix,
      server,
      start: (words = [], env = {}) =>
        new Deno.Command(Deno.execPath(), {
          args: [
            ...script,
            join(ROOT, "scripts/self_update.ts"),
            ...["--prefix", prefix, "--from", server.url, "--key", server.pair.key.publicKey, ...words],
          ],
          env: { XDG_CONFIG_HOME: join(folder, "config"), TMPDIR: temporary, NO_COLOR: "1", ...env },
          stdin: "null",
          stdout: "piped",
          stderr: "piped",
        }).spawn(),
    });
  });
}

/** Wait for the end of a process. */
export async function endOf(child: Deno.ChildProcess): Promise<UpdateRun> {
  const { code, signal, stdout, stderr } = await child.output();
  const text = new TextDecoder();
  return { code, signal, out: text.decode(stdout), err: text.decode(stderr) };
}

/** What the installed program says that it is. */
export async function versionInUse(prefix: string): Promise<string> {
  const { stdout } = await new Deno.Command(join(prefix, "bin", "civitai-dl"), { args: ["--version"] }).output();
  return new TextDecoder().decode(stdout).trim();
}

/** Names in the folder of installed versions, and in the folder of versions. */
export async function namesIn(prefix: string): Promise<readonly string[]> {
  const folders = [prefix, join(prefix, "versions")];
  const entries = await Promise.all(folders.map((folder) => Array.fromAsync(Deno.readDir(folder))));
  return entries.flat().map(({ name }) => name).toSorted();
}

/** {@linkcode namesIn} after an update that left nothing behind. */
export const COMPLETE_UPDATE = [
  "1.0.0",
  "1.1.0",
  "bin",
  "current",
  "install.lock",
  "previous",
  "rollback.json",
  "rollback.lock",
  "versions",
];
