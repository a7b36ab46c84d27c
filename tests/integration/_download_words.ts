import type { Sandbox } from "../../lib/sandbox/mod.ts";

/** The command line that fetches all of a sandbox's creators into `library` below the working folder. */
export function downloadWords(
  sandbox: Pick<Sandbox, "apiOrigin" | "catalog">,
  extra: readonly string[] = [],
): string[] {
  const users = [...sandbox.catalog.creators()].flatMap((creator) => ["--user", creator.username]);
  return ["download", "--base-url", sandbox.apiOrigin, "-o", "library", "--yes", "--reserve", "0", ...extra, ...users];
}
