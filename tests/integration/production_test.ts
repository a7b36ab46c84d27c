import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "node:path";
import { openEvidence } from "../../lib/base/mod.ts";
import { inProductRepository, keepCommands } from "../helpers/repository/product_repository.ts";
import { inReleaseRepository } from "../helpers/repository/release_repository.ts";

Deno.test("production-test proves the program of a tag, the gate reads its report, and rollback goes back to it", () =>
  inProductRepository(async (product) => {
    const { root, prefix } = product;
    await keepCommands(root);
    const sha = await product.release("v1.0.0");
    const place = ["--prefix", prefix];
    const tested = await product.task("production-test", "--version", "v1.0.0", ...place);
    assertEquals(tested.code, 0, `${JSON.stringify(tested.json)} ${tested.err}`);
    const path = join(root, "reports", "production-v1.0.0.json");
    const evidence = openEvidence(await Deno.readTextFile(path), { schema: "civitai-dl/production" });
    assertEquals(evidence.commit, { sha, isDirty: false, ref: "v1.0.0" });
    const { claims, artifact } = tested.json;
    assertEquals(artifact.sha256, (evidence as unknown as { artifact: { sha256: string } }).artifact.sha256);
    const ids = claims.map(({ id }: { id: string }) => id);
    assertEquals(ids, ["version", "help", "self-test", "download", "resume", "bad-token"]);
    const resume = claims.find(({ id }: { id: string }) => id === "resume");
    assert(resume.figures.ratio <= 1.1, JSON.stringify(resume));

    const judge = async () => {
      const { code, json } = await product.task("gate", "--phase", "4", "--only", "production", "--json");
      return { code, row: json.rows[0] };
    };
    const judged = await judge();
    assertEquals([judged.code, judged.row.verdict], [0, "pass"], JSON.stringify(judged.row));
    assertStringIncludes(judged.row.measured, "6 of 6 claims hold");
    await Deno.writeTextFile(path, (await Deno.readTextFile(path)).replace('"verdict": "pass"', '"verdict": "fail"'));
    assertEquals((await judge()).row.verdict, "fail");
    await Deno.writeTextFile(path, JSON.stringify(evidence));

    await product.release("v1.1.0");
    const back = await product.task("rollback", ...place, "--mode", "install");
    assertEquals(back.code, 0, back.err);
    assertEquals([back.json.tag, back.json.from], ["v1.0.0", "1.1.0"]);
    const installed = await Deno.readTextFile(join(prefix, "versions/1.0.0/install.json"));
    assertEquals(JSON.parse(installed).sha256, artifact.sha256);
  }));

Deno.test("production-test exits with 1 for a program that does not download, and rollback does not choose it", () =>
  inReleaseRepository(async (repository) => {
    await repository.release("v1.0.0");
    await repository.release("v1.1.0");
    const { code, out, err } = await repository.run("production_test", ["--version", "v1.0.0", "--json"]);
    assertEquals(code, 1, err);
    const { claims, verdict } = JSON.parse(out);
    const failed = claims.filter((claim: { verdict: string }) => claim.verdict === "fail");
    assertEquals(verdict, "fail");
    assertEquals(failed.map(({ id }: { id: string }) => id), ["help", "download", "resume", "bad-token"]);
    assertEquals((await repository.run("rollback", [])).code, 3);
    assertEquals((await repository.run("production_test", ["--version", "v7.0.0"])).code, 2);
    assertEquals((await repository.run("production_test", ["--version", "seven"])).code, 2);
  }));

Deno.test("production-test exits with 7 for an installed program that is not the recorded one, and writes no report", () =>
  inReleaseRepository(async (repository) => {
    const { root, prefix } = repository;
    await repository.release("v1.0.0");
    assertEquals((await repository.run("install", ["add", "v1.0.0"])).code, 0);
    const program = join(prefix, "versions/1.0.0/civitai-dl.js");
    const built = await Deno.readTextFile(program);
    await Deno.writeTextFile(program, `${built}// Another program.\n`);
    const { code, err } = await repository.run("production_test", ["--version", "v1.0.0"]);
    assertEquals(code, 7, err);
    assertStringIncludes(err, `Cannot test v1.0.0: "${program}" is not what was installed: its SHA-256 is `);
    assertStringIncludes(err, "install add v1.0.0");
    assertEquals(await exists(join(root, "reports")), false);
    await Deno.remove(program);
    assertStringIncludes((await repository.run("production_test", ["--version", "v1.0.0"])).err, "it is gone");
    // What the hint says mends it.
    assertEquals((await repository.run("install", ["add", "v1.0.0"])).code, 0);
    assertEquals(await Deno.readTextFile(program), built);
  }));
