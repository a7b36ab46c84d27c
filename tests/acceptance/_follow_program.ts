import { join } from "node:path";
import type { DownloadEvent } from "../../lib/downloader/mod.ts";
import type { Sandbox } from "../../lib/sandbox/mod.ts";

const ROOT = join(import.meta.dirname!, "../..");

/** The program as a process of its own. */
export interface FollowedProgram {
  readonly sandbox: Sandbox;
  /** Where it works; the library is `library` in it. */
  readonly folder: string;
  /** Flags besides. */
  readonly extra: readonly string[];
  readonly see: (event: DownloadEvent) => void;
}

/** Download all of the sandbox's first creator, and hear the events; its exit code. */
export async function followProgram(options: FollowedProgram): Promise<number> {
  const { sandbox, folder, extra, see } = options;
  const program = ["--config", join(ROOT, "deno.json"), "-P=library", join(ROOT, "scripts/download.ts")];
  const child = new Deno.Command(Deno.execPath(), {
    cwd: folder,
    args: [
      ...["run", "-q", "--no-prompt", ...program],
      ...["--base-url", sandbox.apiOrigin, "--user", firstCreatorOf(sandbox), "--output", "library"],
      ...["--yes", "--events", "--no-fsync", "--no-images", ...extra],
    ],
    env: { CIVITAI_API_KEY: sandbox.token },
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let rest = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    for (const line of parts) see(JSON.parse(line) as DownloadEvent);
  }
  return (await child.status).code;
}

/** Whose models are fetched. */
export function firstCreatorOf(sandbox: Sandbox): string {
  return sandbox.catalog.creators().next().value!.username;
}
