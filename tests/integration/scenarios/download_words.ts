/** The properties of a sandbox that a command line needs. */
interface DownloadPlace {
  readonly apiOrigin: string;
  readonly catalog: { creators(): Iterable<{ readonly username: string }> };
}

/** Build the command line that fetches all of a sandbox's creators into `library` below the working folder. */
export function downloadWords(
  sandbox: DownloadPlace,
  extra: readonly string[] = [],
): string[] {
  const users = [...sandbox.catalog.creators()].flatMap((creator) => ["--user", creator.username]);
  return ["download", "--base-url", sandbox.apiOrigin, "-o", "library", "--yes", "--reserve", "0", ...extra, ...users];
}
