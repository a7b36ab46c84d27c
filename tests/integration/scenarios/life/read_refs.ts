import { createHash } from "node:crypto";
import { AS_PERSON, gitIn } from "../../../helpers/repository/shared_repository.ts";
import type { Files, ModelCommit, ModelRefs, ModelState } from "./strategy_model.ts";

/** Reads commits into the form of the model; a commit that was read once is not read again. */
export class CommitReader {
  readonly #commits = new Map<string, ModelCommit>();
  /** Contents by hash of the blob. */
  readonly #contents = new Map<string, string>();

  /** Read clone and remote. */
  async readState(root: string, remote: string): Promise<ModelState> {
    const head = gitIn(root, "symbolic-ref", "--short", "HEAD");
    const here = await this.#readRefs(root);
    return { here, there: await this.#readRefs(remote), head: (await head).trim() };
  }

  async #readRefs(cwd: string): Promise<ModelRefs> {
    const format = "%(refname)%00%(objecttype)%00%(objectname)%00%(*objectname)";
    const lines = await gitIn(cwd, "for-each-ref", `--format=${format}`, "refs/heads", "refs/tags");
    const commits = new Map<string, string>();
    for (const line of lines.split("\n").filter(Boolean)) {
      const [ref = "", type, sha = "", tagged = ""] = line.split("\0");
      const isTag = ref.startsWith("refs/tags/");
      if (isTag && type !== "tag") throw new Error(`${ref} is no annotated tag`);
      commits.set(ref.replace("refs/heads/", "").replace("refs/tags/", "tag:"), isTag ? tagged : sha);
    }
    await this.#readCommits(cwd, [...new Set(commits.values())]);
    return Object.fromEntries(Array.from(commits, ([name, sha]) => [name, this.#commits.get(sha)!]));
  }

  /** Read commits with all that they descend from. */
  async #readCommits(cwd: string, shas: readonly string[]): Promise<void> {
    const unknown = shas.filter((sha) => !this.#commits.has(sha));
    if (unknown.length === 0) return;
    const log = await gitIn(cwd, "log", "--reverse", "--topo-order", "--format=%H%x00%P%x00%s", ...unknown);
    const lines = log.split("\n").filter(Boolean).map((line) => line.split("\0"));
    const commits = lines.filter(([sha = ""]) => !this.#commits.has(sha));
    const files = await this.#readFiles(cwd, commits.map(([sha = ""]) => sha));
    for (const [index, [sha = "", parents = "", subject = ""]] of commits.entries()) {
      this.#commits.set(sha, {
        subject,
        parents: parents.split(" ").filter(Boolean).map((parent) => this.#commits.get(parent)!),
        files: files[index]!,
      });
    }
  }

  /** Read the files of each commit that the model knows. */
  async #readFiles(cwd: string, commits: readonly string[]): Promise<readonly Files[]> {
    const [configs, folders] = await Promise.all([
      readObjects(cwd, commits.map((commit) => `${commit}:deno.json`)),
      readObjects(cwd, commits.map((commit) => `${commit}:work`)),
    ]);
    const trees = folders.map((tree) => tree === null ? [] : parseTree(tree));
    const blobs = [...new Set(trees.flat().map(({ blob }) => blob))].filter((blob) => !this.#contents.has(blob));
    for (const [index, bytes] of (await readObjects(cwd, blobs)).entries()) {
      if (bytes === null) throw new Error(`The object ${blobs[index]} is missing`);
      this.#contents.set(blobs[index]!, new TextDecoder().decode(bytes));
    }
    return trees.map((tree, index) => {
      const config = configs[index];
      return {
        ...config ? { "deno.json": JSON.parse(new TextDecoder().decode(config)).version } : {},
        ...Object.fromEntries(tree.map(({ name, blob }) => [`work/${name}`, this.#contents.get(blob)!])),
      };
    });
  }
}

/** Read objects by their names in one process, in their order; `null` for one that does not exist. */
async function readObjects(cwd: string, names: readonly string[]): Promise<readonly (Uint8Array | null)[]> {
  if (names.length === 0) return [];
  const child = new Deno.Command("git", {
    args: [...AS_PERSON, "cat-file", "--batch"],
    cwd,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const asked = new Blob(names.map((name) => `${name}\n`)).stream().pipeTo(child.stdin);
  const [{ code, stdout }] = await Promise.all([child.output(), asked]);
  if (code !== 0) throw new Error(`git cat-file --batch ended with ${code}`);
  let at = 0;
  return names.map((name) => {
    const end = stdout.indexOf(LINE_END, at);
    const head = new TextDecoder().decode(stdout.subarray(at, end));
    at = end + 1;
    if (head === `${name} missing`) return null;
    const start = at;
    const sizeBytes = Number(head.split(" ")[2]);
    at += sizeBytes + 1;
    return stdout.subarray(start, start + sizeBytes);
  });
}

/** List the files of a folder from the object that git keeps of it. */
function parseTree(tree: Uint8Array): readonly { readonly name: string; readonly blob: string }[] {
  const files: { readonly name: string; readonly blob: string }[] = [];
  for (let at = 0; at < tree.length;) {
    const end = tree.indexOf(0, at);
    const [mode = "", name = ""] = new TextDecoder().decode(tree.subarray(at, end)).split(" ");
    if (!mode.startsWith("100")) throw new Error(`work/${name} is no file`);
    files.push({ name, blob: tree.subarray(end + 1, end + 1 + HASH_BYTES).toHex() });
    at = end + 1 + HASH_BYTES;
  }
  return files;
}

const LINE_END = 10;
/** Length of a SHA-1. */
const HASH_BYTES = 20;

/** Describe refs by everything that the model knows of them, so that two descriptions can be compared. */
export function describeState({ here, there, head }: ModelState): unknown {
  const known = new Map<ModelCommit, string>();
  const describe = (refs: ModelRefs) =>
    Object.fromEntries(
      Object.entries(refs).toSorted(([a], [b]) => a < b ? -1 : 1).map(([name, commit]) => [
        name,
        `${describeCommit(commit)} ${digestOf(commit, known)}`,
      ]),
    );
  return { head, here: describe(here), there: describe(there) };
}

/** What a person recognizes in a difference. */
function describeCommit({ subject, files }: ModelCommit): string {
  const { "deno.json": version, ...rest } = files;
  return `${version} "${subject}" with ${Object.keys(rest).toSorted().join(" ")}`;
}

/** A number of the whole history of a commit: subjects, parents and files. */
function digestOf(commit: ModelCommit, known: Map<ModelCommit, string>): string {
  const found = known.get(commit);
  if (found !== undefined) return found;
  const parents = commit.parents.map((parent) => digestOf(parent, known));
  const files = Object.entries(commit.files).toSorted(([a], [b]) => a < b ? -1 : 1);
  const digest = createHash("sha256").update(JSON.stringify([commit.subject, parents, files])).digest("hex");
  known.set(commit, digest);
  return digest;
}
