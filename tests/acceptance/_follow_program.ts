import { join } from "node:path";
import type { DownloadEvent } from "../../lib/downloader/mod.ts";
import type { Sandbox } from "../../lib/sandbox/mod.ts";

const ROOT = join(import.meta.dirname!, "../..");

/** The program as a process of its own. */
export interface FollowedProgram {
  readonly sandbox: Sandbox;
  /** Its working folder; the library is `library` below it. */
  readonly folder: string;
  /** Additional flags. */
  readonly extra: readonly string[];
  readonly see: (event: DownloadEvent) => void;
  /** Interrupts the program. */
  readonly signal?: AbortSignal;
}

/** Download everything of the sandbox's first creator, pass on the events and return the exit code. */
export async function followProgram(options: FollowedProgram): Promise<number> {
  const { sandbox, folder, extra, see, signal } = options;
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
  signal?.addEventListener("abort", () => child.kill("SIGINT"), { once: true });
  let rest = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    for (const line of parts) see(JSON.parse(line) as DownloadEvent);
  }
  return (await child.status).code;
}

/** The creator whose models are fetched. */
export function firstCreatorOf(sandbox: Sandbox): string {
  return sandbox.catalog.creators().next().value!.username;
}
