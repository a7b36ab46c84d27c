import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { type OddCivitai, type OddModel, plainModel, serveOddCivitai } from "../helpers/servers/odd_civitai.ts";
import { runProgram } from "../helpers/run_program.ts";
import type { ProgramRun } from "../helpers/start_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

interface Place {
  readonly folder: string;
  readonly civitai: OddCivitai;
  /** Run the real program. */
  readonly run: (...words: readonly string[]) => Promise<ProgramRun>;
  readonly model: (id: number) => OddModel;
}

function atOddCivitai(story: (place: Place) => Promise<void>): Promise<void> {
  return inTempDir(async (folder) => {
    await using civitai = serveOddCivitai();
    const { url } = civitai;
    await story({
      folder,
      civitai,
      run: (...words) =>
        runProgram(
          [...words, "--base-url", url, ...words[0] === "search" ? [] : ["-o", "library", "--reserve", "0"]],
          {
            folder,
            origins: [url],
            env: { XDG_CONFIG_HOME: folder },
          },
        ),
      model: (id) => plainModel(id, url),
    });
  });
}

/** A creator of four models: one intact, one without an id, and two that lack a part. */
function serveLosses({ civitai, model }: Place): void {
  const lost = model(2);
  const half = model(3);
  const file = model(4);
  lost.id = "2b";
  delete half.modelVersions[1]!.id;
  delete file.modelVersions[0]!.files![0]!.id;
  file.modelVersions[1]!.images = [{ id: 7, url: {} }];
  civitai.pages.set("/api/v1/models", [JSON.stringify([model(1), lost]), JSON.stringify([half, file])]);
  civitai.answers.set("/api/v1/creators", '{"items":[{"username":"brambleforge","modelCount":4}],"metadata":{}}');
}

const LOSSES = [
  'user:brambleforge: model #2 ("Model 2", id "2b"): "id" is "2b"',
  'model:3 (Model 3): version #2 ("v1") of model 3: "id" is missing',
  'model:4 (Model 4): file #1 ("file400.safetensors") of version 40: "id" is missing',
  'model:4 (Model 4): image #1 (id 7) of version 41: "url" is an object',
];

Deno.test("download names and counts unreadable entries, fetches the rest and exits with 1", () =>
  atOddCivitai(async (place) => {
    serveLosses(place);
    const { code, stdout, stderr } = await place.run("download", "--user", "brambleforge");
    assertEquals(code, 1, stderr);
    assertMatch(stdout, /^ {2}done +\d+$/m);
    for (const loss of LOSSES) assertStringIncludes(stdout, `Not readable: ${loss}\n`);
    assertStringIncludes(stderr, "  unreadable: 4 entries in the API's responses\n");
    assertStringIncludes(stdout, "the API reports 4 models, the listing has 3; 1 cannot be read\n");
    const log = await Deno.readTextFile(join(place.folder, "logs", "download.log"));
    const told = log.trimEnd().split("\n").map((line) => JSON.parse(line)).filter(({ type }) => type === "unreadable");
    assertEquals(told.map(({ level, target, name, reason }) => [level, `${target}: ${name}: ${reason}`]), [
      ...LOSSES.map((loss) => ["WARN", loss]),
    ]);
  }));

Deno.test("download --json and a dry run count unreadable entries like the text", () =>
  atOddCivitai(async (place) => {
    serveLosses(place);
    const preview = await place.run("download", "--user", "brambleforge", "--dry-run");
    assertEquals(preview.code, 1);
    for (const loss of LOSSES) assertStringIncludes(preview.stdout, `Not readable: ${loss}\n`);
    const { code, stdout } = await place.run("download", "--user", "brambleforge", "--json");
    const { plan } = JSON.parse(stdout);
    assertEquals([code, plan.unreadable.count], [1, 4]);
    assertEquals(
      plan.unreadable.entries.map(({ target, name, reason }: Readonly<Record<string, string>>) =>
        `${target}: ${name}: ${reason}`
      ),
      LOSSES,
    );
    assertEquals((await place.run("download", "--user", "brambleforge")).code, 1);
  }));

Deno.test("download ignores unreadable entries that filters, names and counts exclude", () =>
  atOddCivitai(async (place) => {
    const { civitai, run, model } = place;
    serveLosses(place);
    assertEquals((await run("download", "--user", "brambleforge", "--limit", "1")).code, 0);
    assertEquals((await run("download", "--user", "brambleforge", "--type", "VAE", "--no-images")).code, 1);
    const odd = model(4);
    delete odd.modelVersions[1]!.id;
    delete odd.modelVersions[0]!.images![0]!.url;
    civitai.answers.set("/api/v1/models/4", JSON.stringify(odd));
    civitai.answers.set("/api/v1/model-versions/40", JSON.stringify({ id: 40, modelId: 4 }));
    const named = await run("download", "version:40", "--previews", "2");
    assertEquals(named.code, 0, named.stdout);
    assertEquals((await run("download", "version:40", "--previews", "3")).code, 1);
    assertEquals((await run("download", "model:4", "--previews", "0")).code, 1);
  }));

Deno.test("download names unreadable images of galleries and posts, and reads them again the next time", () =>
  atOddCivitai(async ({ civitai, run, model }) => {
    civitai.answers.set("/api/v1/models/1", JSON.stringify(model(1)));
    const good = { id: 5, url: `${civitai.url}/image/5.jpeg`, nsfwLevel: "None", type: "image", username: "b" };
    civitai.pages.set("/api/v1/images", [JSON.stringify([good, { ...good, id: 6, nsfwLevel: -1 }])]);
    for (const _ of ["first", "second"]) {
      const { code, stdout } = await run("download", "model:1", "--gallery", "9");
      assertEquals(code, 1);
      assertStringIncludes(stdout, "Not readable: gallery of version 10: image #2 (");
      assertStringIncludes(stdout, "its maturity is -1\n");
    }
    const post = await run("download", "post:3");
    assertEquals([post.code, post.stdout.includes("post:3: image #2 (")], [1, true]);
  }));

Deno.test("download names an unreadable creator entry and cursor", () =>
  atOddCivitai(async ({ civitai, run, model }) => {
    civitai.answers.set("/api/v1/creators", '{"items":[{"username":{},"modelCount":2}],"metadata":{}}');
    const page = { items: [model(1)], metadata: { nextCursor: { at: 1 } } };
    civitai.answers.set("/api/v1/models", JSON.stringify(page));
    const { code, stdout } = await run("download", "--user", "brambleforge");
    assertEquals(code, 1, stdout);
    assertStringIncludes(stdout, 'Not readable: user:brambleforge: creator #1: "username" is an object\n');
    assertStringIncludes(stdout, "Not readable: user:brambleforge: the page after this one: the cursor is an object\n");
  }));

Deno.test("download reports unreadable entries again when it is resumed, as long as they are unreadable", () =>
  atOddCivitai(async (place) => {
    serveLosses(place);
    const words = ["download", "--user", "brambleforge"];
    assertEquals((await place.run(...words, "--max-time", "0s")).code, 1);
    const { code, stdout } = await place.run(...words, "--max-time", "0s");
    assertEquals([code, stdout.match(/^Not readable: /gm)?.length], [1, 4]);
    place.civitai.pages.set("/api/v1/models", [JSON.stringify([1, 2, 3, 4].map(place.model))]);
    const mended = await place.run(...words);
    assertEquals([mended.code, mended.stdout.includes("Not readable")], [0, false], mended.stdout);
  }));

Deno.test("download continues after named targets with unreadable responses", () =>
  atOddCivitai(async ({ civitai, run, model }) => {
    civitai.answers.set("/api/v1/models/1", '{"id":{},"name":"odd"}');
    civitai.answers.set(
      "/api/v1/model-versions/20",
      `{"id":20,"modelId":2,"stats":${"[".repeat(5000)}${"]".repeat(5000)}}`,
    );
    civitai.answers.set("/api/v1/models/3", JSON.stringify(model(3)));
    const { code, stdout, stderr } = await run("download", "model:1", "version:20", "model:3", "--no-images");
    assertEquals(code, 1, stderr);
    assertMatch(stdout, /^ {2}done +2$/m);
    assertStringIncludes(stdout, 'Not planned: model:1: Cannot read model 1: "id" is an object\n');
    assertStringIncludes(
      stdout,
      'Not planned: version:20: Cannot read version 20: "stats" is nested',
    );
    // The result names both; here is only why the command ends with 1.
    assertStringIncludes(stderr, "error: 2 targets were not planned, the first: model:1: Cannot read model 1");
    assertEquals(stderr.includes("Not planned") || stderr.includes("version:20"), false, stderr);
  }));

Deno.test("search prints its results and warns of unreadable entries", () =>
  atOddCivitai(async (place) => {
    serveLosses(place);
    const text = await place.run("search", "fields");
    assertEquals(text.code, 1);
    assertStringIncludes(text.stdout, "Model 1");
    assertStringIncludes(text.stderr, 'warning: skipped model #2 ("Model 2", id "2b"): "id" is "2b"\n');
    const { models, unreadable } = JSON.parse((await place.run("search", "fields", "--json")).stdout);
    assertEquals([models.length, unreadable.length], [3, 2]);
  }));
