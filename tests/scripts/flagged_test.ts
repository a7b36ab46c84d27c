import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { type FlaggedCivitai, type PublishedFile, serveFlaggedCivitai } from "./_flagged_civitai.ts";
import { runProgram } from "../helpers/run_program.ts";
import type { ProgramRun } from "../helpers/start_program.ts";
import { safetensors } from "../helpers/library/file_bytes.ts";
import { bytes, HARMFUL, HARMLESS, zipOf } from "../helpers/library/pickle_bytes.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const BAD = zipOf([{ name: "archive/data.pkl", content: HARMFUL }]);
const GOOD = zipOf([{ name: "archive/data.pkl", content: HARMLESS }]);
const DANGER = { pickleScanResult: "Danger", pickleScanMessage: "1 dangerous import found" };

interface Place {
  readonly civitai: FlaggedCivitai;
  readonly files: PublishedFile[];
  /** Run the real program. */
  readonly run: (...words: readonly string[]) => Promise<ProgramRun>;
  /** All files of the library except our own, by path. */
  readonly paths: () => Promise<readonly string[]>;
  readonly library: string;
}

function publish(id: number, content: Uint8Array, more: Partial<PublishedFile> = {}): PublishedFile {
  return { modelId: id, versionId: id * 10, fileId: id * 100, name: `file${id}.pt`, bytes: bytes(content), ...more };
}

function atFlaggedCivitai(files: PublishedFile[], story: (place: Place) => Promise<void>): Promise<void> {
  return inTempDir(async (folder) => {
    await using civitai = serveFlaggedCivitai(files);
    const library = join(folder, "library");
    const net = ["download", "update", "repair"];
    await story({
      civitai,
      files,
      library,
      run: (...words) =>
        runProgram([
          ...[...words, "-o", "library"],
          ...net.includes(words[0]!) ? ["--base-url", civitai.url] : [],
          ...words[0] === "download" ? ["--reserve", "0"] : [],
        ], { folder, origins: [civitai.url], env: { XDG_CONFIG_HOME: folder } }),
      paths: async () => (await walk(library)).filter((path) => !path.startsWith(".civitai-dl")).toSorted(),
    });
  });
}

async function walk(folder: string, below = ""): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(folder, below))) {
    const path = below === "" ? name : `${below}/${name}`;
    if (isDirectory) found.push(...await walk(folder, path));
    else found.push(path);
  }
  return found;
}

Deno.test("download refuses files that Civitai flags, with the reason, and exits with 1 only for named ones", () =>
  atFlaggedCivitai([publish(1, GOOD), publish(2, GOOD, { fields: DANGER })], async ({ civitai, run, paths }) => {
    const listed = await run("download", "--user", "brambleforge");
    assertEquals([listed.code, civitai.fetched], [0, [100]], listed.stderr);
    assertMatch(listed.stderr, /^ {2}not available now: 1 flagged$/m);
    const why =
      /models\/SD 1\.5\/\S+\/brambleforge_Model 2_v20\/file2\.pt: Civitai's pickle scan calls it dangerous: 1 dangerous import found/;
    assertMatch(listed.stderr, why);
    assertMatch(listed.stdout, /^ {2}flagged +1$/m);
    assertMatch(listed.stdout, why);
    assertStringIncludes(listed.stdout, "--allow-flagged");
    assertEquals((await paths()).some((path) => path.includes("file2")), false);
    for (const target of ["model:2", "version:20", "https://civitai.com/models/2"]) {
      const named = await run("download", target);
      assertEquals([named.code, civitai.fetched], [1, [100]], named.stderr);
      assertMatch(named.stdout, /Not planned: (?:model|version):\d+: .*Civitai's pickle scan calls it dangerous/);
    }
  }));

Deno.test("download lists flagged files in the plan as JSON", () =>
  atFlaggedCivitai([publish(1, GOOD), publish(2, GOOD, { fields: { virusScanResult: "Danger" } })], async ({ run }) => {
    const { code, stdout } = await run("download", "--user", "brambleforge", "--dry-run", "--json");
    const { plan } = JSON.parse(stdout);
    assertEquals([code, plan.refused], [0, { flagged: 1 }]);
    assertMatch(plan.flagged[0].path, /file2\.pt$/);
    assertEquals(plan.flagged[0].reason, "Civitai's virus scan calls it dangerous");
  }));

Deno.test("download fetches files without a scan result, and never flags safetensors", () =>
  atFlaggedCivitai([
    publish(1, GOOD, { fields: { pickleScanResult: "Pending", virusScanResult: "Pending" } }),
    publish(2, GOOD, { fields: { pickleScanResult: "Error", virusScanResult: "Error" } }),
    publish(3, GOOD, { fields: { pickleScanResult: null, virusScanResult: undefined } }),
    publish(4, safetensors(50), { name: "file4.safetensors", fields: { ...DANGER, virusScanResult: "Danger" } }),
  ], async ({ run }) => {
    const { code, stdout } = await run("download", "--user", "brambleforge");
    assertEquals(code, 0);
    assertMatch(stdout, /^ {2}done +4$/m);
  }));

Deno.test("download scans pickles itself: a harmful one is not kept, and not fetched again", () =>
  atFlaggedCivitai([publish(1, GOOD), publish(2, BAD)], async ({ civitai, files, run, paths }) => {
    const first = await run("download", "--user", "brambleforge");
    assertEquals([first.code, civitai.fetched.toSorted()], [0, [100, 200]], first.stderr);
    assertMatch(first.stdout, /^ {2}flagged +1$/m);
    assertMatch(first.stdout, /file2\.pt: it holds a pickle that imports os\.system/);
    assertEquals((await paths()).filter((path) => path.includes("file2") || path.includes("corrupted")), []);
    const again = await run("download", "--user", "brambleforge");
    assertEquals([again.code, civitai.fetched.length], [0, 2]);
    assertMatch(again.stdout, /file2\.pt: it holds a pickle that imports os\.system/);
    const named = await run("download", "model:2");
    assertEquals([named.code, civitai.fetched.length], [1, 2]);
    const rest = await run("download");
    assertEquals([rest.code, civitai.fetched.length], [0, 2]);
    // The creator replaces it.
    files[1] = publish(2, GOOD);
    const mended = await run("download", "model:2");
    assertEquals([mended.code, civitai.fetched.length], [0, 3], mended.stderr);
  }));

Deno.test("download exits with 1 if one file of a named model is harmful", () =>
  atFlaggedCivitai(
    [publish(1, GOOD), publish(1, BAD, { versionId: 11, fileId: 101, name: "other.pt" })],
    async ({ civitai, run }) => {
      const { code, stdout } = await run("download", "model:1");
      assertEquals([code, civitai.fetched.toSorted()], [1, [100, 101]]);
      assertMatch(stdout, /^Not available: model:1: .*other\.pt.*imports os\.system/m);
    },
  ));

Deno.test("download --allow-flagged fetches to quarantine/, which other commands leave alone", () => {
  const files = [publish(1, GOOD), publish(2, BAD), publish(3, GOOD, { fields: DANGER })];
  return atFlaggedCivitai(files, async ({ civitai, run, paths, library }) => {
    const quarantined = async () => (await paths()).filter((path) => /file[23]/.test(path));
    const expected = ["quarantine/file2.pt.flagged", "quarantine/file3.pt.flagged"];
    const first = await run("download", "--user", "brambleforge", "--allow-flagged");
    assertEquals([first.code, civitai.fetched.length], [0, 3], first.stderr);
    assertMatch(first.stdout, /^ {2}flagged +2$/m);
    assertEquals(await quarantined(), expected);
    assertEquals(await Deno.readFile(join(library, expected[0]!)), BAD);
    // Neither these paths nor the original ones have sidecars.
    assertEquals((await paths()).filter((path) => /Model [23]|quarantine/.test(path)), expected);
    for (const words of [["--user", "brambleforge"], ["--user", "brambleforge", "--allow-flagged"], ["model:2"]]) {
      const again = await run("download", ...words);
      assertEquals([again.code, civitai.fetched.length, await quarantined()], [0, 3, expected], again.stderr);
    }
    const updated = await run("update", "--reserve", "0");
    assertEquals([updated.code, civitai.fetched.length, await quarantined()], [0, 3, expected], updated.stderr);
    const listed = await run("list");
    assertMatch(listed.stdout, /flagged\t.*quarantine\/file2\.pt\.flagged|flagged\t.*quarantine\//);
    const verified = await run("verify", "--deep");
    assertEquals(verified.code, 0, verified.stdout + verified.stderr);
    // Damage there is repaired like any other.
    await Deno.writeFile(join(library, expected[0]!), bytes("damaged"));
    assertEquals((await run("verify", "--deep")).code, 7);
    const repaired = await run("repair");
    assertEquals(repaired.code, 0, repaired.stdout + repaired.stderr);
    assertEquals((await paths()).some((path) => path.startsWith("models/") && path.includes("file2")), false);
    assertEquals((await run("verify", "--deep")).code, 0);
    const rebuilt = await run("verify", "--rebuild", "--offline");
    assertEquals((await paths()).filter((path) => path.includes("file3")), [expected[1]!], rebuilt.stderr);
  });
});

Deno.test("download keeps a file that Civitai flags later, with a warning", () =>
  atFlaggedCivitai([publish(1, GOOD)], async ({ files, run, paths }) => {
    assertEquals((await run("download", "model:1")).code, 0);
    const before = await paths();
    files[0] = publish(1, GOOD, { fields: DANGER });
    for (const flags of [[], ["--allow-flagged"]]) {
      const { code, stderr } = await run("download", "model:1", ...flags);
      assertEquals([code, await paths()], [0, before], stderr);
      assertMatch(
        stderr,
        /warning: .*file1\.pt" was there before and is kept, but Civitai's pickle scan calls it dangerous/,
      );
    }
  }));

Deno.test("download moves a file to its path once it is not flagged and was taken out of quarantine/", () =>
  atFlaggedCivitai([publish(3, GOOD, { fields: DANGER })], async ({ files, run, paths, library }) => {
    assertEquals((await run("download", "model:3", "--allow-flagged")).code, 0);
    files[0] = publish(3, GOOD);
    await Deno.remove(join(library, "quarantine", "file3.pt.flagged"));
    assertEquals((await run("download", "model:3")).code, 0);
    assertEquals(
      (await paths()).filter((path) => path.endsWith(".pt") || path.endsWith(".flagged")).map((path) =>
        path.replace(/^models\/.*\//, "")
      ),
      ["file3.pt"],
    );
  }));

Deno.test("download refuses a harmful pickle of version 0 without a magic number", () =>
  atFlaggedCivitai([publish(1, HARMFUL), publish(2, HARMFUL, { name: "file2.bin" })], async ({ run, paths }) => {
    const { code, stdout } = await run("download", "--user", "brambleforge");
    assertEquals(code, 0);
    assertMatch(stdout, /^ {2}flagged +2$/m);
    assertEquals((await paths()).filter((path) => /file[12]/.test(path)), []);
  }));

Deno.test("download refuses a pickle named .safetensors for its format", () =>
  atFlaggedCivitai([publish(1, HARMFUL, { name: "file1.safetensors" })], async ({ run, paths }) => {
    const { code, stderr } = await run("download", "model:1");
    assertEquals(code, 7);
    assertStringIncludes(stderr, "it is text, its name promises safetensors");
    assertEquals((await paths()).filter((path) => path.startsWith("models/")), []);
  }));

Deno.test("verify --deep names and counts existing harmful pickles, and keeps them", () =>
  atFlaggedCivitai([publish(1, GOOD)], async ({ files, run, paths, library }) => {
    assertEquals((await run("download", "model:1")).code, 0);
    // As a program without this check left it: the same item, with harmful bytes.
    const path = (await paths()).find((one) => one.endsWith("file1.pt"))!;
    files[0] = publish(1, BAD);
    await Deno.writeFile(join(library, path), BAD);
    const adopted = await run("download", "model:1");
    assertEquals(adopted.code, 0, adopted.stderr);
    assertMatch(adopted.stderr, /warning: .*file1\.pt.* was there before and is kept.*imports os\.system/);
    const { code, stdout, stderr } = await run("verify", "--deep");
    assertEquals(code, 1, stdout + stderr);
    assertMatch(stderr, /^flagged: .*file1\.pt: it holds a pickle that imports os\.system/m);
    assertMatch(stdout, /1 flagged/);
    assertEquals(await Deno.readFile(join(library, path)), BAD);
    assertEquals((await run("verify")).code, 0);
    const json = JSON.parse((await run("verify", "--deep", "--json")).stdout);
    assertEquals([json.verified.counts.flagged, json.verified.problems[0].verdict], [1, "flagged"]);
  }));
