import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { prepareOutputs } from "../../scripts/_frame/report/prepare_outputs.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { inGateProject } from "./_gate_project.ts";

Deno.test("gate --output creates the folder of a report", () =>
  inGateProject(async (project) => {
    const { code, err } = await project.gate("--phase", "2", "--output", "new/deep/x.json");
    assertEquals(code, 3, err);
    const report = JSON.parse(await Deno.readTextFile(join(project.folder, "new/deep/x.json")));
    assertEquals(report.schema, "civitai-dl/gate");
  }));

Deno.test("gate judges the project around the user's folder, and writes there", () =>
  inGateProject(async (project) => {
    await project.write("own/phases.yml", await Deno.readTextFile(join(project.folder, "config/phases.yml")));
    await project.write("own/reports/a.json", "{}");
    const words = ["--phase", "1", "--only", "format", "--output", "x.json"];
    const { code, err } = await project.gateIn("own", ...words);
    assertEquals(code, 0, err);
    const report = JSON.parse(await Deno.readTextFile(join(project.folder, "own/x.json")));
    assertEquals([report.schema, report.verdict], ["civitai-dl/gate", "pass"]);
    const named = await project.gateIn("own", ...words, "--phases", "phases.yml", "--evidence", "reports");
    assertEquals(named.code, 0, named.err);
  }));

Deno.test("gate --output exits with 2 for an impossible folder before it checks anything", () =>
  inGateProject(async (project) => {
    await project.write("file", "no folder");
    const { code, out, err } = await project.gate("--phase", "2", "--output", "file/x.json");
    assertEquals([code, out], [2, ""]);
    assertStringIncludes(err, 'Cannot write "file/x.json": its folder cannot be made');
    // Rows are printed as they are decided.
    assertEquals(err.includes("day:"), false);
  }));

Deno.test("prepareOutputs() creates folders and keeps existing ones", () =>
  inTempDir(async (folder) => {
    const paths = ["a/b/x.json", "a/x.md", "x.html"].map((path) => join(folder, path));
    for (let times = 0; times < 2; times++) await prepareOutputs(paths);
    assertEquals((await Deno.stat(join(folder, "a/b"))).isDirectory, true);
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name), ["a"]);
  }));

Deno.test("prepareOutputs() refuses a folder before it creates one", () =>
  inTempDir(async (folder) => {
    await Deno.mkdir(join(folder, "taken.json"));
    const paths = [join(folder, "new/x.json"), join(folder, "taken.json")];
    const error = await assertRejects(() => prepareOutputs(paths), KitError, "it is a folder");
    assertEquals(error.exitCode, 2);
    await assertRejects(() => Deno.stat(join(folder, "new")), Deno.errors.NotFound);
  }));
