import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("../..", import.meta.url));
const AUTHOR = ["-c", "user.name=Saboteur", "-c", "user.email=saboteur@example.org", "-c", "commit.gpgsign=false"];

/** A change of one file; paths are relative to the root. The text to replace or delete must exist. */
export type SourceEdit =
  | { readonly type: "replace"; readonly path: string; readonly find: string; readonly put: string }
  | { readonly type: "add"; readonly path: string; readonly text: string }
  | { readonly type: "delete"; readonly path: string };

/** The result of a command of the product. */
export interface TaskRun {
  readonly code: number;
  /** The output of `--json`. */
  readonly json: unknown;
  readonly seconds: number;
}

/** A clone of the last commit of this repository: branch `main`, and `work` on top of it for changes. */
export class ProductCopy implements AsyncDisposable {
  /** Its temporary folder: the checkout is in `product`; callers may use the rest. */
  readonly folder: string;
  readonly #root: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.#root = join(folder, "product");
  }

  /** Clone the repository. */
  static async open(): Promise<ProductCopy> {
    const copy = new ProductCopy(await Deno.makeTempDir({ prefix: "civitai-dl-sabotage-" }));
    await git(copy.folder, "clone", "-q", SOURCE, "product");
    await git(copy.#root, "checkout", "-q", "-B", "main");
    await git(copy.#root, "checkout", "-q", "-b", "work");
    return copy;
  }

  /** Folder of the checkout. */
  get root(): string {
    return this.#root;
  }

  /**
   * Edit its sources and commit the change on `work`; without an edit the commit is empty.
   *
   * @throws {Error} If a text to replace does not occur exactly once: nothing would be sabotaged, or something else
   */
  async commit(edits: readonly SourceEdit[]): Promise<void> {
    for (const edit of edits) await this.#edit(edit);
    await git(this.#root, "add", "-A");
    await git(this.#root, "commit", "-q", "--allow-empty", "-m", "test: try what the judges see");
  }

  /**
   * Run one of its tasks as a process, with `--json`.
   *
   * @throws {Error} If its exit code is not 0, 1, 3 or 7, or it prints no JSON
   */
  async task(name: string, args: readonly string[]): Promise<TaskRun> {
    const start = performance.now();
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "-q", name, ...args, "--json"],
      cwd: this.#root,
      // A task sets INIT_CWD to the folder of its caller.
      env: { INIT_CWD: this.#root },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).output();
    const text = new TextDecoder();
    if (![0, 1, 3, 7].includes(code)) {
      throw new Error(`Cannot judge: ${name} ended with ${code}: ${text.decode(stderr).slice(-2000)}`);
    }
    return { code, json: JSON.parse(text.decode(stdout)), seconds: (performance.now() - start) / 1000 };
  }

  /** Tag the last commit. */
  async tag(name: string): Promise<void> {
    await git(this.#root, "tag", "-f", "-a", name, "-m", name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }

  async #edit(edit: SourceEdit): Promise<void> {
    const path = join(this.#root, edit.path);
    if (edit.type === "delete") return await Deno.remove(path);
    if (edit.type === "add") return await Deno.writeTextFile(path, edit.text, { createNew: true });
    const pieces = (await Deno.readTextFile(path)).split(edit.find);
    if (pieces.length !== 2) {
      throw new Error(
        `Cannot sabotage "${edit.path}": ${pieces.length - 1} places have "${edit.find}", and 1 is wanted`,
      );
    }
    await Deno.writeTextFile(path, pieces.join(edit.put));
  }
}

async function git(cwd: string, ...args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("git", { args: [...AUTHOR, ...args], cwd, stdout: "null" })
    .output();
  if (!success) throw new Error(`git ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}
