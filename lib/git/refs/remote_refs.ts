import { KitError, shell } from "../../base/mod.ts";
import type { Repository } from "../open_repository.ts";
import { runGit } from "../run_git.ts";
import type { Ref, Refs } from "./read_refs.ts";

/** Options of {@linkcode readRemoteRefs} and {@linkcode fetchRemote}. */
export interface RemoteOptions {
  /** Stops git; the call then rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Ask a remote for its branches and tags. Nothing is stored.
 *
 * @param repository The repository
 * @param remote Name of the remote, such as `origin`
 * @param options Signal
 * @returns Refs by full name, such as `refs/heads/main`; empty if the remote has none
 * @throws {KitError} `usage` if there is no such remote, `auth` if it refuses access, `network` if it cannot be reached
 */
export async function readRemoteRefs(
  repository: Repository,
  remote: string,
  options: RemoteOptions = {},
): Promise<Refs> {
  const output = await askRemote(repository, remote, ["ls-remote", "--quiet", "--heads", "--tags", remote], options);
  const refs = new Map<string, Ref>();
  for (const line of output.split("\n").filter(Boolean)) {
    const [sha, name] = line.split("\t");
    // The commit of an annotated tag follows the tag, with "^{}" after its name.
    const peeled = name!.endsWith("^{}") ? name!.slice(0, -3) : undefined;
    if (peeled === undefined) refs.set(name!, { sha: sha!, commit: sha! });
    else refs.set(peeled, { sha: refs.get(peeled)?.sha ?? sha!, commit: sha! });
  }
  return refs;
}

/**
 * Fetch the branches and tags of a remote. Only remote-tracking branches and new tags change; the user's branches, index
 * and files do not.
 *
 * @param repository The repository
 * @param remote Name of the remote, such as `origin`
 * @param options Signal
 * @throws {KitError} As {@linkcode readRemoteRefs}
 */
export async function fetchRemote(repository: Repository, remote: string, options: RemoteOptions = {}): Promise<void> {
  // All branches, also into a clone of a single branch.
  const refspec = `+refs/heads/*:refs/remotes/${remote}/*`;
  await askRemote(repository, remote, ["fetch", "--quiet", "--no-recurse-submodules", remote, refspec], options);
}

async function askRemote(
  repository: Repository,
  remote: string,
  args: readonly string[],
  { signal }: RemoteOptions,
): Promise<string> {
  const { code, stdout, stderr } = await runGit(args, { cwd: repository.root, signal });
  if (code === 0) return stdout;
  throw await explainRemoteFailure(repository, remote, stderr);
}

/**
 * Turn the error output of a git command that talked to a remote into an error that says what to do.
 *
 * @param repository The repository
 * @param remote Name of the remote
 * @param stderr Standard error of git, in English
 * @returns The error, to be thrown
 */
export async function explainRemoteFailure(
  repository: Repository,
  remote: string,
  stderr: string,
): Promise<KitError> {
  const unknown = await explainUnknownRemote(repository, remote);
  if (unknown !== null) return unknown;
  const reason = lastWords(stderr);
  if (/permission denied|authentication failed|could not read (username|password)|access denied|403/i.test(stderr)) {
    return new KitError("auth", `Cannot use the remote "${remote}": it refuses access: ${reason}`, {
      hint: "Check your key or token, and that it may read and push to the repository",
    });
  }
  return new KitError("network", `Cannot reach the remote "${remote}": ${reason}`, {
    hint: shell`Check the network and the address: git remote get-url ${remote}`,
  });
}

/** Create the error for a remote that the repository does not have; `null` if it has it. */
async function explainUnknownRemote(repository: Repository, remote: string): Promise<KitError | null> {
  const { stdout } = await runGit(["remote"], { cwd: repository.root });
  const remotes = stdout.split("\n").filter(Boolean);
  if (remotes.includes(remote)) return null;
  const known = remotes.length === 0 ? "it has none" : `it has ${remotes.join(", ")}`;
  return new KitError("usage", `Cannot use the remote "${remote}": this repository has no such remote, ${known}`, {
    hint: remotes.length === 0 ? shell`Add it: git remote add ${remote} URL` : `Name one with --remote ${remotes[0]}`,
  });
}

/**
 * Refuse a remote that the repository does not have. The remote is not asked.
 *
 * @param repository The repository
 * @param remote Name of the remote, such as `origin`
 * @throws {KitError} `usage` if there is no such remote
 */
export async function requireRemote(repository: Repository, remote: string): Promise<void> {
  const unknown = await explainUnknownRemote(repository, remote);
  if (unknown !== null) throw unknown;
}

/** Return the line of git's error output that names the cause. */
function lastWords(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.trim()).filter(Boolean);
  const cause = lines.find((line) => /^(fatal|error|ERROR|remote: error):/.test(line)) ?? lines.at(-1) ??
    "no reason given";
  return cause.replace(/^(fatal|error): /, "").replace(/\/\/[^/@\s]+@/g, "//");
}

/** Take remote-tracking branches for the branches of the remote, and local tags for its tags. */
export function trackedRefs(local: Refs, remote: string): Refs {
  const prefix = `refs/remotes/${remote}/`;
  const refs = new Map<string, Ref>();
  for (const [name, ref] of local) {
    if (name.startsWith(prefix)) refs.set(`refs/heads/${name.slice(prefix.length)}`, ref);
    if (name.startsWith("refs/tags/")) refs.set(name, ref);
  }
  return refs;
}
