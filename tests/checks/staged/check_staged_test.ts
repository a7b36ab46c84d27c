import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { checkStaged, type StagedReport } from "../../../checks/mod.ts";
import { type FixtureRepository, inRepository } from "../../helpers/repository/fixture_repository.ts";

const GOOD = "export const one: number = 1;\n";
const UNFORMATTED = "export const   one: number = 1\n";
const MISTYPED = 'export const one: number = "1";\n';

function check({ root }: FixtureRepository, indexFile?: string): Promise<StagedReport> {
  return checkStaged({ root, indexFile, signal: new AbortController().signal });
}

/** A small project, committed. */
async function project(repository: FixtureRepository): Promise<void> {
  await repository.write("deno.json", "{}\n");
  await repository.write(".gitignore", "dist/\n");
  await repository.write("lib/one.ts", GOOD);
  await repository.write("lib/two.ts", 'import { one } from "./one.ts";\n\nexport const two: number = one + one;\n');
  await repository.commit("project");
}

const found = ({ problems }: StagedReport) => problems.map((problem) => problem.check);

Deno.test("checkStaged() checks what is staged, not what is in the working tree", () =>
  inRepository(async (repository) => {
    await project(repository);
    const { git, write } = repository;
    assertEquals(await check(repository), { files: [], problems: [] });
    await write("lib/one.ts", MISTYPED);
    await git("add", "-A");
    await write("lib/one.ts", `${GOOD}// more\n`);
    const staged = await check(repository);
    assertEquals([staged.files, found(staged)], [["lib/one.ts"], ["types"]]);
    assertStringIncludes(staged.problems[0]!.message, "Type 'string' is not assignable to type 'number'");
    await git("add", "-A");
    await write("lib/one.ts", UNFORMATTED);
    assertEquals(found(await check(repository)), []);
    assertEquals(await Deno.readTextFile(join(repository.root, "lib/one.ts")), UNFORMATTED);
    assertEquals(await git("status", "--short"), "MM lib/one.ts\n");
    await git("add", "-A");
    const unformatted = await check(repository);
    assertEquals(found(unformatted), ["format"]);
    assertEquals(unformatted.problems[0]!.message, "lib/one.ts: not formatted");
  }));

Deno.test("checkStaged() notices that a changed file imports one that is removed", () =>
  inRepository(async (repository) => {
    await project(repository);
    const { git, write } = repository;
    await write("lib/two.ts", 'import { one } from "./one.ts";\n\nexport const two: number = one + 1;\n');
    await git("add", "-A");
    assertEquals(found(await check(repository)), [], "which also writes the staged files");
    await git("rm", "-q", "lib/one.ts");
    const { problems } = await check(repository);
    assertEquals(problems.map((problem) => problem.check), ["types"]);
    assertStringIncludes(problems[0]!.message, "lib/one.ts");
  }));

Deno.test("checkStaged() reads the index of a commit of single files, and finds lint and secrets", () =>
  inRepository(async (repository) => {
    await project(repository);
    const { git, write, root } = repository;
    await write("lib/three.ts", "export function three(x: any): number {\n  return x;\n}\n");
    await write("other.md", "# Other\n");
    const index = join(root, ".git/index.other");
    await Deno.copyFile(join(root, ".git/index"), index);
    await git("add", "other.md");
    const other = await new Deno.Command("git", {
      args: ["add", "lib/three.ts"],
      cwd: root,
      env: { GIT_INDEX_FILE: index },
    }).output();
    assertEquals(other.success, true);
    const { files, problems } = await check(repository, index);
    assertEquals([files, problems.map((problem) => problem.check)], [["lib/three.ts"], ["lint"]]);
    assertStringIncludes(problems[0]!.message, "no-explicit-any");
    await write("api_key.md", "key\n");
    await git("add", "-f", "api_key.md");
    const secret = await check(repository);
    assertEquals(found(secret), ["secrets"]);
    assertStringIncludes(secret.problems[0]!.message, "api_key.md:1: it adds a file that holds secrets");
  }));

Deno.test("checkStaged() works before the first commit, and for files that it does not check", () =>
  inRepository(async (repository) => {
    const { git, write } = repository;
    await git("checkout", "-q", "--orphan", "fresh");
    await git("rm", "-q", "--cached", "-r", ".");
    await write("picture.bin", "\0\u0001");
    await git("add", "picture.bin");
    assertEquals(await check(repository), { files: ["picture.bin"], problems: [] });
  }));
