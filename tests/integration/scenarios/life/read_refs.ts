import { createHash } from "node:crypto";
import { gitIn } from "../../../helpers/repository/shared_repository.ts";
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
    const refs: Record<string, ModelCommit> = {};
    for (const line of lines.split("\n").filter(Boolean)) {
      const [ref = "", type, sha = "", tagged = ""] = line.split("\0");
      const isTag = ref.startsWith("refs/tags/");
      if (isTag && type !== "tag") throw new Error(`${ref} is no annotated tag`);
      const name = ref.replace("refs/heads/", "").replace("refs/tags/", "tag:");
      refs[name] = await this.#read(cwd, isTag ? tagged : sha);
    }
    return refs;
  }

  async #read(cwd: string, sha: string): Promise<ModelCommit> {
    if (!this.#commits.has(sha)) {
      const log = await gitIn(cwd, "log", "--reverse", "--topo-order", "--format=%H%x00%P%x00%s", sha);
      for (const line of log.split("\n").filter(Boolean)) {
        const [commit = "", parents = "", subject = ""] = line.split("\0");
        if (this.#commits.has(commit)) continue;
        this.#commits.set(commit, {
          subject,
          parents: parents.split(" ").filter(Boolean).map((parent) => this.#commits.get(parent)!),
          files: await this.#readFiles(cwd, commit),
        });
      }
    }
    return this.#commits.get(sha)!;
  }

  /** Read the files that the model knows. */
  async #readFiles(cwd: string, commit: string): Promise<Files> {
    const format = "--format=%(objectname) %(path)";
    const lines = (await gitIn(cwd, "ls-tree", "-r", "-z", format, commit, "deno.json", "work/")).split("\0");
    const files: Record<string, string> = {};
    for (const line of lines.filter(Boolean)) {
      const [blob = "", path = ""] = line.split(" ");
      const text = this.#contents.get(blob) ?? await gitIn(cwd, "cat-file", "blob", blob);
      this.#contents.set(blob, text);
      files[path] = path === "deno.json" ? JSON.parse(text).version : text;
    }
    return files;
  }
}

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
