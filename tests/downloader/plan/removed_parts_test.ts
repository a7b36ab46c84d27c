import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { createClient } from "../../../lib/civitai/mod.ts";
import { type DownloadResult, listLibrary, type PlanTarget, readModelDocument } from "../../../lib/downloader/mod.ts";
import { type CatalogItem, sidecarPath } from "../../../lib/library/mod.ts";
import type { SandboxOptions } from "../../../lib/sandbox/mod.ts";
import { type Bench, withBench } from "../../helpers/library/download_bench.ts";
import { openFront } from "../../helpers/servers/api_front.ts";

/** Models of two versions with two files each, whatever their types. */
const SEVERAL: SandboxOptions = {
  versionsPerModel: { min: 2, max: 2 },
  filesPerVersion: { min: 2, max: 2 },
};

/** A library that has everything of a sandbox, of whose first model the site then removes something. */
interface Story extends Bench {
  readonly modelId: number;
  readonly versionId: number;
  readonly item: CatalogItem;
  /** Run `update`. Returns its result, warnings, and the requests of the API, without their parameters. */
  readonly update: (
    changes?: Parameters<Bench["download"]>[0],
  ) => Promise<DownloadResult & { readonly warnings: readonly string[]; readonly asked: readonly string[] }>;
  /** The field of the sidecar that other tools read, and one that the user has written there. */
  readonly sidecar: () => Promise<{ readonly civitai_deleted: boolean; readonly notes: string }>;
  /** Name, size and date of each file of the library, apart from the sidecars that have to change. */
  readonly files: () => Promise<readonly string[]>;
}

function withStory(story: (story: Story) => Promise<void>): Promise<void> {
  return withBench(SEVERAL, async (bench) => {
    const { sandbox, library: { catalog, root } } = bench;
    await bench.download();
    const model = sandbox.catalog.modelAt(0);
    const [version] = model.versions;
    const items = [...catalog.items({ modelId: model.id, kinds: ["file"], states: ["done"] })];
    const item = items.find(({ versionId, path }) => {
      if (versionId !== version!.id) return false;
      return isFile(join(root, sidecarPath(path, ".metadata.json")));
    })!;
    const path = join(root, sidecarPath(item.path, ".metadata.json"));
    const read = async () => JSON.parse(await Deno.readTextFile(path));
    await Deno.writeTextFile(path, JSON.stringify({ ...await read(), notes: "mine", usage: "0.8" }));
    const targets: readonly PlanTarget[] = [{ type: "models", ids: [...sandbox.catalog.models()].map(({ id }) => id) }];
    await story({
      ...bench,
      modelId: model.id,
      versionId: version!.id,
      item,
      async update(changes = {}) {
        bench.events.length = 0;
        sandbox.log.clear();
        const result = await bench.download({ targets, ...changes });
        const warnings = bench.events.flatMap((event) => event.type === "warning" ? [event.message] : []);
        const asked = sandbox.log.requests.map(({ target }) => target.replace(/\?.*/, ""))
          .filter((path) => path.startsWith("/api/v1/"));
        return { ...result, warnings, asked };
      },
      sidecar: async () => await read(),
      files: async () => {
        const found: string[] = [];
        for (const file of catalog.items({ states: ["done"] })) {
          const { size, mtime } = await Deno.stat(join(root, file.path));
          found.push(`${file.path} ${size} ${mtime!.getTime()}`);
        }
        return found;
      },
    });
  });
}

/** Another file of a version may come in place of a removed one. */
function missingIn(files: readonly string[], before: readonly string[]): readonly string[] {
  return before.filter((file) => !files.includes(file));
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

const parts: Record<
  string,
  (story: Story) => { readonly absent: Parameters<Bench["sandbox"]["setAbsent"]>; readonly said: RegExp }
> = {
  model: ({ modelId }) => ({ absent: [[modelId]], said: /^Removed on Civitai, kept: model:\d+ \(.+\)$/ }),
  version: ({ versionId }) => ({
    absent: [[], { versionIds: [versionId] }],
    said: /^Removed on Civitai, kept: version:\d+ \(.+ \/ .+\)$/,
  }),
  file: ({ item }) => ({
    absent: [[], { fileIds: [item.fileId!] }],
    said: /^Removed on Civitai, kept: \S+ of version:\d+ \(.+ \/ .+\)$/,
  }),
};

for (const [part, removalOf] of Object.entries(parts)) {
  Deno.test(`an update keeps a ${part} that the site has removed, marks it, and says so once`, () =>
    withStory(async (story) => {
      const { sandbox, library, modelId, versionId, item, update, sidecar, files } = story;
      const { absent, said } = removalOf(story);
      const before = await files();
      assertEquals((await update()).warnings, []);
      assertEquals(await sidecar().then(({ civitai_deleted }) => civitai_deleted), false);
      sandbox.setAbsent(...absent);
      const first = await update();
      assertEquals(first.warnings.length, 1, first.warnings.join("\n"));
      assertMatch(first.warnings[0]!, said);
      assertEquals([first.plan.removed.length, first.plan.problems, first.run?.failed], [1, [], []]);
      const path = part === "model" ? `models/${modelId}` : `model-versions/${versionId}`;
      assertEquals(first.asked, ["/api/v1/models", `/api/v1/${path}`]);
      const { civitai_deleted: isDeleted, notes } = await sidecar();
      assertEquals([isDeleted, notes], [true, "mine"]);
      assertEquals(missingIn(await files(), before), []);
      const rowOf = () => [...listLibrary(library, { keys: new Set([item.key]) })][0]!;
      assertEquals([rowOf().state, rowOf().outcome], ["done", "removed, kept"]);
      const shown = (await readModelDocument(library.catalog, modelId))!;
      const version = shown.versions.find(({ id }) => id === versionId)!;
      const dates = [shown.removedAt, version.removedAt, version.files.find(({ key }) => key === item.key)!.removedAt];
      assertEquals(dates.map((date) => date !== null), [part === "model", part === "version", true]);
      const second = await update();
      assertEquals([second.warnings, second.asked], [[], ["/api/v1/models"]]);
      assertEquals(second.plan.removed.filter(({ isNews }) => isNews), []);
      assertEquals((await sidecar()).civitai_deleted, true);
      sandbox.setAbsent([]);
      const third = await update();
      assertEquals([third.warnings, third.plan.removed], [[], []]);
      const again = await sidecar();
      assertEquals([again.civitai_deleted, again.notes, rowOf().outcome], [false, "mine", item.outcome]);
      assertEquals(missingIn(await files(), before), []);
    }));

  Deno.test(`the run after a kill writes into the sidecar that a ${part} was removed`, () =>
    withStory(async (story) => {
      const { sandbox, update, sidecar, plan, modelId } = story;
      sandbox.setAbsent(...removalOf(story).absent);
      // As if the run had been killed after its plan.
      await plan([{ type: "models", ids: [modelId] }]);
      assertEquals((await sidecar()).civitai_deleted, false);
      assertEquals((await update()).warnings, []);
      assertEquals((await sidecar()).civitai_deleted, true);
    }));

  Deno.test(`a download that names a ${part} of the library that the site has removed does not fail`, () =>
    withStory(async (story) => {
      const { sandbox, modelId, versionId, item: { fileId, sha256 }, download, sidecar } = story;
      sandbox.setAbsent(...removalOf(story).absent);
      const targets: readonly PlanTarget[] = [
        { type: "model", modelId, versionId },
        { type: "version", versionId, fileId: null },
        { type: "air", modelId, versionId, fileId },
        { type: "hash", hash: sha256!, kinds: ["SHA256"] },
      ];
      for (const target of part === "file" ? targets.slice(2) : targets) {
        const { plan, run } = await download({ targets: [target] });
        assertEquals([plan.problems, run?.failed], [[], []], JSON.stringify(target));
        assertEquals(plan.removed.map(({ isNews }) => isNews), [true], JSON.stringify(target));
      }
      assertEquals((await sidecar()).civitai_deleted, true);
    }));
}

Deno.test("a listing with a hole removes nothing, whatever is missing in it", () =>
  withStory(async ({ sandbox, clock, update, library }) => {
    const holes: readonly ((model: { modelVersions: { files: unknown[] }[] }) => unknown)[] = [
      (model) => ({ ...model, modelVersions: [] }),
      (model) => ({ ...model, modelVersions: model.modelVersions.slice(1) }),
      (model) => ({
        ...model,
        modelVersions: model.modelVersions.map((one) => ({ ...one, files: one.files.slice(1) })),
      }),
      (model) => ({ ...model, modelVersions: ["odd", ...model.modelVersions.slice(1)] }),
      (model) => ({ ...model, mode: "Archived", modelVersions: [] }),
    ];
    const ids = [...sandbox.catalog.models()].map(({ id }) => id).join();
    const listing = await (await fetch(`${sandbox.apiOrigin}/api/v1/models?ids=${ids}&nsfw=true`)).json();
    for (const hole of holes) {
      await using front = openFront(
        sandbox.apiOrigin,
        (url) =>
          url.pathname === "/api/v1/models" ? Response.json({ ...listing, items: listing.items.map(hole) }) : undefined,
      );
      const client = createClient({ baseUrl: front.origin, token: sandbox.token, clock, modelRate: 0 });
      const { plan } = await update({ client });
      assertEquals(plan.removed, []);
    }
    assertEquals([...listLibrary(library)].filter(({ outcome }) => outcome === "removed, kept"), []);
  }));

Deno.test("a vanished version whose own request fails is asked for again by the next run", () =>
  withStory(async ({ sandbox, clock, update, versionId }) => {
    sandbox.setAbsent([], { versionIds: [versionId] });
    {
      await using front = openFront(
        sandbox.apiOrigin,
        (url) =>
          url.pathname.startsWith("/api/v1/model-versions/")
            ? Response.json({ error: "Bad request" }, { status: 400 })
            : undefined,
      );
      const client = createClient({ baseUrl: front.origin, token: sandbox.token, clock, modelRate: 0 });
      const { plan, run } = await update({ client });
      assertEquals([plan.removed, run?.stopped], [[], null]);
    }
    assertEquals((await update()).plan.removed.length, 1);
  }));

Deno.test("a search, which leaves out versions, asks for none of them", () =>
  withStory(async ({ sandbox, versionId, update, download }) => {
    sandbox.setAbsent([], { versionIds: [versionId] });
    sandbox.log.clear();
    const { plan } = await download({ targets: [{ type: "search", query: { query: "" } }] });
    assertEquals(plan.removed, []);
    assert(!sandbox.log.requests.some(({ target }) => target.includes("/model-versions/")));
    assertEquals((await update()).plan.removed.length, 1);
  }));

Deno.test("what the library never had of a removed version is a problem, not a removal", () =>
  withBench(SEVERAL, async (bench) => {
    const { sandbox } = bench;
    const [, version] = sandbox.catalog.modelAt(0).versions;
    const { id } = sandbox.catalog.modelAt(0);
    await bench.download({
      targets: [{ type: "version", versionId: sandbox.catalog.modelAt(0).versions[0]!.id, fileId: null }],
    });
    sandbox.setAbsent([], { versionIds: [version!.id] });
    const named: readonly PlanTarget[] = [
      { type: "version", versionId: version!.id, fileId: null },
      { type: "model", modelId: id, versionId: version!.id },
    ];
    for (const target of named) {
      const { problems, removed } = (await bench.plan([target])).report.data();
      assertEquals([problems.length, removed], [1, []]);
    }
  }));

Deno.test("files of a removed version that are not here are no longer requested", () =>
  withBench(SEVERAL, async (bench) => {
    const { sandbox, library: { catalog } } = bench;
    await bench.plan();
    const { id, versions } = sandbox.catalog.modelAt(0);
    sandbox.setAbsent([], { versionIds: [versions[0]!.id] });
    await bench.plan([{ type: "models", ids: [id] }]);
    const states = [...catalog.items({ modelId: id, versionIds: [versions[0]!.id] })].map((
      { state, outcome },
    ) => [state, outcome]);
    assert(states.length > 0);
    assertEquals(states, states.map(() => ["refused", "removed"]));
    sandbox.setAbsent([]);
    await bench.plan([{ type: "models", ids: [id] }]);
    const again = [...catalog.items({ modelId: id, versionIds: [versions[0]!.id] })].map(({ state }) => state);
    assertEquals(again, again.map(() => "planned"));
  }));

Deno.test("a download of a creator finds what the site has removed, and tells it once", () =>
  withStory(async ({ sandbox, modelId, versionId, download, library: { catalog } }) => {
    const other = sandbox.catalog.modelAt(1).id;
    const { username } = sandbox.catalog.modelAt(0).creator!;
    const targets: readonly PlanTarget[] = [{ type: "user", username, only: "models" }];
    sandbox.setAbsent([other], { versionIds: [versionId] });
    const night = async () => {
      sandbox.log.clear();
      const { plan, run } = await download({ targets });
      const single = sandbox.log.requests.filter(({ target }) => /^\/api\/v1\/model(?:s|-versions)\/\d/.test(target));
      assertEquals([plan.problems, run?.failed], [[], []]);
      const [listing] = Object.values(plan.listings);
      return { news: plan.removed.filter(({ isNews }) => isNews), missing: listing!.missing, requests: single.length };
    };
    const first = await night();
    assertEquals(first.news.map((one) => [one.modelId, one.version?.id ?? null]), [[modelId, versionId], [
      other,
      null,
    ]]);
    assertEquals([first.missing, first.requests], [null, 2]);
    assertEquals(await night(), { news: [], missing: null, requests: 0 });
    sandbox.setAbsent([]);
    await night();
    assertEquals(catalog.notes("removed").length, 0);
  }));
