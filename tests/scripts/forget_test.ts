import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { exists } from "@std/fs";
import { dirname, join } from "node:path";
import { MemoryIo } from "../../lib/cli/mod.ts";
import { DEFAULT_CHOICE, openLibrary } from "../../lib/downloader/mod.ts";
import { ChangeLog } from "../../lib/library/mod.ts";
import { call, type Called } from "../helpers/call.ts";
import { type Bench, withBench } from "../helpers/library/download_bench.ts";
import { setDate } from "../helpers/library/kept_library.ts";
import { treeOf } from "../library/changes/_changed_library.ts";

interface Kept {
  readonly bench: Bench;
  readonly root: string;
  /** Ids of the three models; all are of one creator. */
  readonly models: readonly number[];
  readonly creator: string;
  /** Relative paths of the model files, one for each model. */
  readonly paths: readonly string[];
  readonly run: (...words: readonly string[]) => Promise<Called>;
  /** Uses the sandbox as network. */
  readonly online: (...words: readonly string[]) => Promise<Called>;
}

/** A library of three models with previews and sidecars, which commands can open. */
function withKept(story: (kept: Kept) => Promise<void>): Promise<void> {
  const options = { fileBytes: { min: 4000, max: 9000 }, imagesPerVersion: { min: 2, max: 2 } };
  return withBench(options, async (bench) => {
    await bench.download({ choice: { ...DEFAULT_CHOICE, gallery: 0, maxImages: 0 } });
    const { root, catalog } = bench.library;
    const items = [...catalog.items({ kinds: ["file"] })];
    bench.library[Symbol.dispose]();
    const { apiOrigin, token } = bench.sandbox;
    const env = { CIVITAI_API_KEY: token };
    await story({
      bench,
      root,
      models: items.map(({ modelId }) => modelId!),
      creator: items[0]!.creator!,
      paths: items.map(({ path }) => path),
      run: (...words) => call([...words, "-o", root], { env }),
      online: (...words) => call([...words, "-o", root, "--base-url", apiOrigin], { env }),
    });
  });
}

/** The paths of files that are not in a folder. */
function filesOutside(tree: Readonly<Record<string, string>>, folder: string): readonly string[] {
  return Object.keys(tree).filter((path) => tree[path] !== "folder" && !path.startsWith(`${folder}/`));
}

Deno.test("forget puts a model into the trash with all that belongs to it, and undo gives it back byte for byte", () =>
  withKept(async ({ run, root, models, paths }) => {
    const tree = await treeOf(root);
    const rowsOf = async (): Promise<readonly string[]> => {
      const { out } = await run("list", "--json", "--kind", "file", "--kind", "preview");
      return (JSON.parse(out).items as unknown[]).map((row) => JSON.stringify(row)).toSorted();
    };
    const rows = await rowsOf();
    const gone = await run("forget", `model:${models[0]}`);
    assertEquals(gone.code, 0, gone.err);
    assertMatch(gone.out, new RegExp(`^Forgotten: model:${models[0]} \\(.*\\)\\nIn the trash: \\d files`));
    assertMatch(gone.out, /To take it back: civitai-dl undo .*1; the trash keeps the files until 20\d\d-/);
    const now = await treeOf(root);
    assertEquals(filesOutside(now, "none"), filesOutside(tree, dirname(paths[0]!)));
    assertEquals(now[dirname(paths[0]!)], undefined);
    assertMatch(
      (await run("verify", "--deep")).out,
      /^\d+ files: \d+ ok, 0 missing, 0 changed[^]*unverified; [^\n]*\n$/,
    );
    const back = await run("undo", "1");
    assertEquals(back.code, 0, back.err);
    assertEquals(await treeOf(root), tree);
    assertEquals(await rowsOf(), rows);
  }));

Deno.test("forget keeps download and update from planning a model again, and download says how to take it back", () =>
  withKept(async ({ run, online, models, creator, root }) => {
    await run("forget", `model:${models[0]}`, `model:${models[1]}`);
    const tree = await treeOf(root);
    const named = await online("download", `model:${models[0]}`, "--yes");
    assertEquals(named.code, 0, named.err);
    assertMatch(named.out, /^ {2}forgotten {18}1$/m);
    assertMatch(
      named.out,
      new RegExp(`^Forgotten, not fetched: model:${models[0]} \\(.*\\); to take it back: civitai-dl undo .*1$`, "m"),
    );
    const listed = await online("download", `user:${creator}`, "--no-images", "--yes");
    assertEquals(listed.code, 0, listed.err);
    assertMatch(listed.out, /^ {2}forgotten {18}2$/m);
    assertEquals((await online("update", "--no-images", "--yes")).code, 0);
    assertEquals((await online("repair")).code, 0);
    // Sidecars of the third model follow the site.
    assertEquals(Object.keys(await treeOf(root)), Object.keys(tree));
    const plan = JSON.parse((await online("download", `model:${models[1]}`, "--dry-run", "--json")).out).plan;
    assertEquals([plan.refused, plan.forgotten[0].change], [{ forgotten: 1 }, 1]);
  }));

Deno.test("forget takes back what was deleted by hand: verify stops reporting it", () =>
  withKept(async ({ run, root, paths }) => {
    await Deno.remove(join(root, paths[0]!));
    assertEquals((await run("verify")).code, 7);
    const { code, out } = await run("forget", paths[0]!);
    assertEquals(code, 0);
    assertMatch(out, /^1 file was gone already$/m);
    assertEquals((await run("verify")).code, 0);
  }));

Deno.test("forget takes the path of a file from anywhere, and refuses what nothing describes", () =>
  withKept(async ({ run, root, paths }) => {
    assertEquals((await run("forget", join(root, paths[0]!))).code, 0);
    assertEquals(await exists(join(root, paths[0]!)), false);
    await Deno.writeTextFile(join(root, "models/mine.safetensors"), "mine");
    const mine = await run("forget", "models/mine.safetensors");
    assertEquals(mine.code, 2);
    assertStringIncludes(mine.err, "the catalog has no such file, so nothing describes it");
    const folder = await run("forget", "models");
    assertEquals([folder.code, /it is a folder/.test(folder.err)], [2, true]);
    assertEquals((await run("forget", "no such/thing.bin")).code, 2);
    assertEquals((await run("forget")).code, 2);
    assertEquals(await Deno.readTextFile(join(root, "models/mine.safetensors")), "mine");
  }));

Deno.test("forget leaves a file that was changed since it was downloaded, and names it", () =>
  withKept(async ({ run, root, models, paths }) => {
    await setDate(join(root, paths[0]!), new Date(0));
    const { code, out } = await run("forget", `model:${models[0]}`);
    assertEquals(code, 0);
    assertStringIncludes(out, `Kept: ${paths[0]}: it is not the file that was downloaded any more`);
    assertEquals(await exists(join(root, paths[0]!)), true);
    assertEquals(await exists(join(root, paths[0]!.replace(/\.[^.]*$/, ".civitai.info"))), true);
  }));

Deno.test("forget --keep-files only marks, and forgets a version, a hash and a creator", () =>
  withKept(async ({ run, online, root, models, creator }) => {
    const tree = await treeOf(root);
    const rows = JSON.parse((await run("list", "--json")).out).items as { versionId: number; sha256: string }[];
    const words = [`version:${rows[0]!.versionId}`, rows[1]!.sha256, `user:${creator.toUpperCase()}`];
    assertEquals((await run("forget", "--keep-files", ...words)).code, 0);
    assertEquals(await treeOf(root), tree);
    assertEquals((await run("verify")).code, 0);
    const whole = await online("download", `user:${creator}`, "--yes");
    assertEquals([whole.code, /Forgotten, not fetched: user:/.test(whole.out)], [0, true], whole.err);
    assertEquals((await online("download", `model:${models[2]}`, "--yes")).code, 0);
    const list = await run("forget", "--list");
    assertMatch(list.out, /^ +1 {2}20.* {2}version:\d+ /m);
    assertEquals(JSON.parse((await run("forget", "--list", "--json")).out).forgotten.length, 3);
    const again = await run("forget", words[0]!);
    assertStringIncludes(again.out, "Forgotten before: version:");
  }));

Deno.test("forget --dry-run names the files with their sizes, and changes nothing", () =>
  withKept(async ({ run, root, models, paths }) => {
    const tree = await treeOf(root);
    const { code, out } = await run("forget", `model:${models[0]}`, "--dry-run");
    assertEquals(code, 0);
    assertMatch(out, /^Would forget: model:\d+ /);
    assertStringIncludes(out, `KiB  ${paths[0]}\n`);
    const json = JSON.parse((await run("forget", `model:${models[0]}`, "--dry-run", "--json")).out);
    assertEquals([json.dryRun, json.change, json.files.length > 3], [true, null, true]);
    assertEquals(await treeOf(root), tree);
    assertEquals(await new ChangeLog(root).list(), []);
  }));

Deno.test("undo shows the last change and asks; without a terminal it says which flag answers", () =>
  withKept(async ({ run, root, models }) => {
    assertEquals((await run("undo", "--yes")).code, 2);
    const tree = await treeOf(root);
    await run("forget", `model:${models[0]}`);
    const dumb = await run("undo");
    assertEquals(dumb.code, 2);
    assertStringIncludes(dumb.err, "Give --yes to do it without a question");
    const io = new MemoryIo({ terminal: true, answers: ["n"] });
    assertEquals(await call(["undo", "-o", root], { io }).then(({ out }) => out), "Nothing was undone\n");
    assertStringIncludes(io.err, `forget model:${models[0]}`);
    assertMatch((await run("undo", "--dry-run")).out, /^Change 1 of .*\nThe trash keeps its files until /);
    assertEquals((await run("undo", "--yes")).code, 0);
    assertEquals(await treeOf(root), tree);
    assertMatch((await run("undo", "--list")).out, / undone /);
    assertEquals((await run("undo", "1")).code, 4);
    assertEquals((await run("undo", "7")).code, 2);
    assertEquals((await run("undo", "x")).code, 2);
  }));

Deno.test("undo --empty deletes the trash; the next undo takes the mark back and says what is gone", () =>
  withKept(async ({ run, online, root, models, paths }) => {
    await run("forget", `model:${models[0]}`);
    assertEquals((await run("undo", "--empty")).code, 2);
    assertMatch((await run("undo", "--empty", "--dry-run")).out, /^Would delete the trash of: Change 1/);
    assertMatch((await run("undo", "--empty", "--yes")).out, /^Deleted from the trash: .* of 1 change \(1\)/);
    assertEquals((await run("undo", "--empty", "--yes")).out, "The trash is empty\n");
    assertMatch((await run("undo", "--list")).out, / marks only /);
    const undone = await run("undo", "1");
    assertEquals(undone.code, 0, undone.err);
    assertStringIncludes(undone.out, `Not put back: ${paths[0]}: is no longer in the trash`);
    assertMatch(undone.out, /Its trash was emptied on 20/);
    assertEquals((await run("verify")).code, 0);
    assertEquals((await online("download", `model:${models[0]}`, "--yes", "--no-images")).code, 0);
    assertEquals(await exists(join(root, paths[0]!)), true);
  }));

Deno.test("forget deletes what has been in the trash for --trash-days", () =>
  withKept(async ({ run, models }) => {
    await run("forget", `model:${models[0]}`);
    const { code, out } = await run("forget", `model:${models[1]}`, "--trash-days", "0");
    assertEquals(code, 0);
    assertMatch(out, /^Deleted from the trash: .* of 1 change \(1\), whose files cannot be had back any more$/m);
  }));

Deno.test("undo refuses if another file is in the place of one, and exits with 1 if one is lost", () =>
  withKept(async ({ run, root, models, paths }) => {
    await run("forget", `model:${models[0]}`);
    await Deno.mkdir(join(root, paths[0]!, ".."), { recursive: true });
    await Deno.writeTextFile(join(root, paths[0]!), "somebody's");
    const refused = await run("undo", "1");
    assertEquals(refused.code, 4);
    assertStringIncludes(refused.err, `another file is at "${paths[0]}"`);
    await Deno.remove(join(root, paths[0]!));
    await Deno.remove(join(root, ".civitai-dl/trash/1", paths[0]!));
    const lost = await run("undo", "1");
    assertEquals(lost.code, 1);
    assertStringIncludes(lost.err, "1 file could not be put back");
  }));

Deno.test("forget and undo refuse while another run holds the library, and name it", () =>
  withKept(async ({ run, root, models }) => {
    using _library = await openLibrary(root, { command: "download" });
    for (const words of [["forget", `model:${models[0]}`], ["undo", "--yes"]]) {
      const { code, err } = await run(...words);
      assertEquals(code, 4);
      assertStringIncludes(err, 'held by "download"');
    }
  }));

Deno.test("verify --rebuild keeps what is forgotten", () =>
  withKept(async ({ run, online, root, models }) => {
    await run("forget", `model:${models[0]}`);
    await Deno.remove(join(root, ".civitai-dl/catalog.db"));
    assertEquals((await run("verify", "--rebuild", "--offline")).code, 0);
    assertStringIncludes((await run("forget", "--list")).out, `model:${models[0]}`);
    assertMatch((await online("download", `model:${models[0]}`, "--yes")).out, /^Forgotten, not fetched: /m);
    assertEquals((await run("undo", "1")).code, 0);
    assertEquals((await run("verify", "--deep")).code, 0);
    assertEquals((await run("forget", "--list")).out, "Nothing is forgotten\n");
  }));
