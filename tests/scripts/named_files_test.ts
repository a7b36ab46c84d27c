import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { quoteWord } from "../../lib/base/mod.ts";
import type { LibraryRow } from "../../lib/downloader/mod.ts";
import type { CatalogModel } from "../../lib/sandbox/mod.ts";
import { programWords } from "../../scripts/_frame/child.ts";
import { assertNear } from "../helpers/assert_near.ts";
import { TerminalRun } from "../helpers/terminal.ts";
import { atPlace, type Place } from "./_place.ts";

/** More models with one file each than fit on a screen. */
const MANY = { size: { creators: 1, modelsPerCreator: 30 } };

/** The lines that name the first file of a model, without its size: the stated one differs a little from the real one. */
function namesOf({ id, name, versions }: CatalogModel): readonly string[] {
  const [version] = versions;
  return [`  ${name} (model:${id})`, `    SIZE  ${version!.name}  ${version!.files[0]!.name}`];
}

function withoutSizes(text: string): string {
  return text.replaceAll(/^ {4}(?=[ \d.]+ \w+ {2})[ \d.]{6} \w+ {2}/gm, "    SIZE  ");
}

function linesOf(text: string): readonly string[] {
  return text.trimEnd().split("\n");
}

Deno.test("update --dry-run names the new files: model, version, size and file name", () =>
  atPlace({ versionsPerModel: { min: 2, max: 2 } }, async ({ sandbox, run }) => {
    const model = sandbox.catalog.modelAt(0);
    assertEquals((await run([`version:${model.versions[1]!.id}`])).code, 0);
    const { code, stdout, stderr } = await run(["update", "--dry-run"]);
    assertEquals(code, 0, stderr);
    assertStringIncludes(withoutSizes(stdout), ["To fetch:", ...namesOf(model), ""].join("\n"));
  }));

Deno.test("a plan and a result name every file without a terminal, as in the log of a nightly job", () =>
  atPlace(MANY, async ({ sandbox, everything, run }) => {
    const plan = await run([...everything, "--dry-run"]);
    const fetched = await run(everything);
    assertEquals(fetched.code, 0, fetched.stderr);
    assertMatch(fetched.stdout, /^Fetched:\n/);
    // The plan precedes the transfer.
    assertMatch(fetched.stderr, /^To fetch:\n/m);
    for (const text of [plan.stdout, fetched.stderr, fetched.stdout]) {
      for (const model of sandbox.catalog.models()) {
        assertStringIncludes(withoutSizes(text), namesOf(model).join("\n"));
      }
      assert(!text.includes("--all"), text);
    }
  }));

Deno.test("a log names every target that cannot be planned", () =>
  atPlace({}, async ({ run }) => {
    const targets = Array.from({ length: 12 }, (_, index) => `model:${index + 1}`);
    const { code, stdout } = await run(targets);
    assertEquals(code, 1);
    assertEquals(targets.filter((target) => !stdout.includes(`Not planned: ${target}: `)), []);
    assert(!stdout.includes("see --json"), stdout);
  }));

Deno.test("a night names what is new before what the night before left, and counts the latter", () =>
  atPlace({}, async (place) => {
    const { sandbox, run } = place;
    const { username } = sandbox.catalog.creators().next().value!;
    const [first, ...rest] = sandbox.catalog.models().filter(({ creator }) => creator?.username === username);
    // A creator's listing has the newest model first.
    const others = rest.toReversed();
    sandbox.setAbsent([first!.id]);
    await stopAtOnce(place, ["--user", username]);
    sandbox.setAbsent([]);
    const night = await run(["--user", username]);
    assertEquals(night.code, 0, night.stderr);
    const left = `left from an earlier run (${others.length}):`;
    for (const [text, verb] of [[night.stderr, "To fetch"], [night.stdout, "Fetched"]] as const) {
      const names = [`${verb}:`, ...namesOf(first!), `${verb}, ${left}`, ...others.flatMap(namesOf)];
      assertStringIncludes(withoutSizes(text), names.join("\n"));
    }
  }));

Deno.test("--json names every item of a plan and of its result, with its outcome", () =>
  atPlace(MANY, async ({ sandbox, everything, run }) => {
    const expected = [...sandbox.catalog.models()].map(({ id, name, versions: [version] }) => [
      ...[id, name, version!.id, version!.name],
      version!.files[0]!.id,
    ]);
    const read = (stdout: string): readonly LibraryRow[] => JSON.parse(stdout).items;
    const short = (row: LibraryRow) => {
      assertNear(row.sizeBytes!, sandbox.catalog.file(row.fileId!)!.sizeBytes, 20);
      return [row.modelId, row.modelName, row.versionId, row.versionName, row.fileId];
    };
    const planned = read((await run([...everything, "--dry-run", "--json"])).stdout);
    assertEquals(planned.map(short), expected);
    assertEquals(new Set(planned.map(({ state, outcome }) => `${state} ${outcome}`)), new Set(["planned null"]));
    const fetched = read((await run([...everything, "--json"])).stdout);
    assertEquals(new Set(fetched.map(({ state, outcome }) => `${state} ${outcome}`)), new Set(["done done"]));
    const again = JSON.parse((await run([...everything, "--json"])).stdout);
    assertEquals(new Set(read(JSON.stringify(again)).map(({ outcome }) => outcome)), new Set(["already there"]));
    assertEquals(again.counts, { "already there": 30 });
  }));

Deno.test("--events names every planned file after the plan", () =>
  atPlace({}, async ({ sandbox, everything, run }) => {
    const { stdout } = await run([...everything, "--dry-run", "--events"]);
    const events = linesOf(stdout).map((line) => JSON.parse(line));
    const planned = events.filter(({ type }) => type === "planned");
    assertEquals(
      planned.map(({ item }) => [item.modelName, item.versionName, item.state]),
      [...sandbox.catalog.models()].map(({ name, versions: [version] }) => [
        ...[name, version!.name, "planned"],
      ]),
    );
    assertEquals(events.findIndex(({ type }) => type === "plan"), events.indexOf(planned[0]) - 1);
  }));

Deno.test("a plan and a result say by name what is not fetched and why", () =>
  atPlace({ ...MANY, outcomes: { earlyAccess: 0.2, takenDown: 0.2, removed: 0.2 } }, async ({ sandbox, run }) => {
    const words = ["--user", sandbox.catalog.creators().next().value!.username, "--all"];
    const plan = await run([...words, "--dry-run"]);
    assertEquals(plan.code, 0, plan.stderr);
    assertMatch(plan.stdout, /^Not available now:\n {2}.* \(model:\d+\): early access until /m);
    const { stdout } = await run(words);
    assertMatch(stdout, /^Not available now:\n {2}.* \(model:\d+\): /m);
    assertMatch(stdout, /\): Cannot download file \d+ .* 404, saying "File not found"\n {4,12}\S+ \S+ {2}\S+ {2}\S/);
  }));

Deno.test("a failed file is named with its reason at the end of a run", () =>
  atPlace({ outcomes: { staleHash: 1 } }, async ({ sandbox, run }) => {
    const model = sandbox.catalog.modelAt(0);
    const { code, stdout } = await run([`model:${model.id}`]);
    assertEquals(code, 7);
    const lines = linesOf(stdout);
    const at = lines.indexOf("Failed:");
    assertStringIncludes(lines[at + 1]!, `  ${model.name} (model:${model.id}): Cannot keep `);
    assertEquals(withoutSizes(lines[at + 2]!), namesOf(model)[1]);
  }));

async function stopAtOnce({ everything, run }: Place, words = everything): Promise<void> {
  assertEquals((await run([...words, "--max-time", "0s"])).code, 3);
}

Deno.test("the plan of a resumed run counts the models and versions that it fetches", () =>
  atPlace({}, async (place) => {
    const { sandbox, run } = place;
    const words = ["--user", sandbox.catalog.creators().next().value!.username];
    await stopAtOnce(place, words);
    const continued = await run(["--max-time", "0s"]);
    assertStringIncludes(continued.stderr, "  from 3 models with 3 chosen versions");
    await stopAtOnce(place, words);
    const resumed = await run([...words, "--max-time", "0s"]);
    assertStringIncludes(resumed.stderr, "  from 3 models with 3 chosen versions, with what an earlier run left");
    assertMatch(resumed.stderr, /^To fetch, left from an earlier run \(3\):\n(?:.*\n){6}/m);
  }));

for (const columns of [80, 60]) {
  Deno.test(`a plan fits ${columns} columns of a terminal before the question, and its file names are whole`, () =>
    atPlace(MANY, async ({ folder, sandbox, everything }) => {
      const flags = ["--no-images", "--reserve", "0", "-o", "library", "--base-url", sandbox.apiOrigin];
      const words = [...programWords(["--allow-all"]), "download", ...everything, ...flags];
      const env = { XDG_CONFIG_HOME: folder, CIVITAI_API_KEY: sandbox.token, NO_PROXY: "127.0.0.1" };
      await using terminal = new TerminalRun(words.map(quoteWord).join(" "), { cwd: folder, env, columns });
      await terminal.until("[y/N]");
      const { lines } = terminal.screen;
      const plan = lines.slice(lines.findIndex((line) => line.startsWith("Plan: ")));
      assertEquals(plan.filter((line) => line.length > columns), []);
      assert(plan.length <= 21, plan.join("\n"));
      assertStringIncludes(withoutSizes(plan.join("\n")), namesOf(sandbox.catalog.modelAt(0)).join("\n"));
      await terminal.type("n\n");
      assertEquals(await terminal.end(), 0);
    }));
}
