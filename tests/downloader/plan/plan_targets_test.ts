import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { createClient, parseTarget } from "../../../lib/civitai/mod.ts";
import { type Choice, listLibrary, type PlanTarget, planTargets, targetName } from "../../../lib/downloader/mod.ts";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { openFront } from "../../helpers/servers/api_front.ts";
import { type Bench, NO_IMAGES, withBench } from "../../helpers/library/download_bench.ts";

function keys(bench: Bench): readonly string[] {
  return [...bench.library.catalog.items()].map((item) => item.key).sort();
}

function keyOfFirst({ sandbox }: Bench): string {
  const fact = sandbox.facts().next().value!;
  return `file:${fact.versionId}:${fact.fileId}`;
}

const WORDS: readonly [what: string, word: (bench: Bench) => string | Promise<string>][] = [
  ["a model", ({ sandbox }) => `model:${sandbox.catalog.modelAt(0).id}`],
  ["a version", ({ sandbox }) => `version:${sandbox.catalog.modelAt(0).versions[0]!.id}`],
  ["the URL of a version", ({ sandbox }) => {
    const { id, versions } = sandbox.catalog.modelAt(0);
    return `https://civitai.com/models/${id}?modelVersionId=${versions[0]!.id}`;
  }],
  ["an AIR", ({ sandbox }) => `civitai:${sandbox.catalog.modelAt(0).id}@${sandbox.catalog.modelAt(0).versions[0]!.id}`],
  ["a hash", async ({ sandbox }) => `hash:${await sandbox.facts().next().value!.sha256()}`],
];

for (const [what, word] of WORDS) {
  Deno.test(`planTargets() plans ${what}`, () =>
    withBench({}, async (bench) => {
      await bench.plan([parseTarget(await word(bench))]);
      assertEquals(keys(bench), [keyOfFirst(bench)]);
    }));
}

Deno.test("planTargets() lists a creator to the end and proves it", () =>
  withBench({ size: { creators: 2, modelsPerCreator: 3 } }, async (bench) => {
    const { username } = bench.sandbox.catalog.creators().next().value!;
    const { report } = await bench.plan([{ type: "user", username }]);
    const own = [...bench.sandbox.facts()].filter((fact) => fact.creator === username);
    assertEquals(keys(bench), own.map((fact) => `file:${fact.versionId}:${fact.fileId}`).sort());
    const listing = report.data().listings[`user:${username}`];
    assertEquals([listing?.seen, listing?.missing], [own.length, null]);
    assert(bench.events.some((event) => event.type === "listed"));
  }));

Deno.test("planTargets() lists a creator by the given sort, period and limit", () =>
  withBench({ size: { creators: 1, modelsPerCreator: 6 } }, async (bench) => {
    const { username } = bench.sandbox.catalog.creators().next().value!;
    const target: PlanTarget = { type: "user", username, sort: "Oldest", period: "AllTime" };
    const { report } = await bench.plan([target], { ...NO_IMAGES, limit: 2 });
    const asked = bench.sandbox.log.requests.find(({ target }) => target.startsWith("/api/v1/models?"));
    assertStringIncludes(asked!.target, "sort=Oldest");
    assertStringIncludes(asked!.target, "period=AllTime");
    assertEquals([report.data().models, report.data().listings[`user:${username}`]], [
      2,
      { apiCount: 6, seen: 2, missing: "--limit leaves out 4" },
    ]);
    const day = await bench.plan([{ ...target, period: "Day" }]);
    const listing = day.report.data().listings[`user:${username}`]!;
    if (listing.seen < 6) assertEquals(listing.missing, `${6 - listing.seen} are not of the period "Day"`);
  }));

Deno.test("planTargets() says that one model is not in a listing", () =>
  withBench({ size: { creators: 1, modelsPerCreator: 3 }, outcomes: { archived: 0.34 } }, async (bench) => {
    const { username } = bench.sandbox.catalog.creators().next().value!;
    const { report } = await bench.plan([{ type: "user", username }]);
    const { apiCount, missing } = report.data().listings[`user:${username}`]!;
    assertEquals(apiCount, 3);
    assertStringIncludes(missing!, "1 is not in the API's listing: ");
  }));

Deno.test("planTargets() continues after missing targets and reports each", () =>
  withBench({}, async (bench) => {
    const targets: PlanTarget[] = [
      { type: "user", username: "nobody_here" },
      { type: "model", modelId: 1, versionId: null },
      { type: "version", versionId: 1, fileId: null },
      { type: "model", modelId: bench.sandbox.catalog.modelAt(0).id, versionId: 1 },
      { type: "hash", hash: "0".repeat(64), kinds: ["SHA256"] },
      { type: "image", imageId: 1 },
      ...bench.everything.slice(0, 1),
    ];
    const { report } = await bench.plan(targets, { ...NO_IMAGES, maxImages: 5 });
    assertEquals(
      report.data().problems.map((problem) => problem.target),
      [
        "user:nobody_here",
        "model:1",
        "version:1",
        "version:1",
        `hash:${"0".repeat(64)}`,
        "image:1",
      ].filter((name, index, all) => all.indexOf(name) === index),
    );
    assertEquals(keys(bench), [keyOfFirst(bench)]);
    assertEquals(bench.events.filter((event) => event.type === "warning").length, 5);
  }));

Deno.test("planTargets() reports in plain words what it cannot find", () =>
  withBench({}, async (bench) => {
    const versionId = bench.sandbox.catalog.modelAt(0).versions[0]!.id;
    const targets: PlanTarget[] = [
      { type: "image", imageId: 1 },
      { type: "post", postId: 2 },
      { type: "version", versionId, fileId: 1 },
    ];
    const { report } = await bench.plan(targets, { ...NO_IMAGES, maxImages: 5 });
    assertEquals(report.data().problems.map((problem) => problem.message.split(":")[0]), [
      "Cannot find image 1",
      "Cannot find images of post 2",
      "Cannot find file 1",
    ]);
    assertEquals(keys(bench), []);
  }));

Deno.test("planTargets() plans a target once if it is named repeatedly", () =>
  withBench({}, async (bench) => {
    await bench.plan([...bench.everything, ...bench.everything]);
    assertEquals(bench.sandbox.log.counts.get("GET /api/v1/models/:id"), bench.everything.length);
  }));

Deno.test("planTargets() stops at a failure that affects the other targets too", () =>
  withBench({}, async (bench) => {
    await bench.sandbox.close();
    const context = bench.planContext();
    const error = await assertRejects(() => planTargets(context, bench.everything), FailureError);
    assertEquals([error.code, context.report.data().problems], ["network", []]);
    assertEquals(bench.events.filter((event) => event.type === "target").length, 1);
  }));

Deno.test("planTargets() reports each target if the region is refused", () =>
  withBench({ region: "blocked" }, async (bench) => {
    const { report } = await bench.plan();
    assertEquals(report.data().problems.length, bench.everything.length);
    assertStringIncludes(report.data().problems[0]!.message, "legal restrictions");
  }));

Deno.test("planTargets() starts no target after its signal aborts", () =>
  withBench({}, async (bench) => {
    const reason = new Error("enough");
    const context = bench.planContext({ signal: AbortSignal.abort(reason) });
    assertEquals(await planTargets(context, bench.everything).catch((error) => error), reason);
    assertEquals(bench.sandbox.log.requests.length, 0);
  }));

Deno.test("planTargets() plans the results of a search, up to the limit", () =>
  withBench({}, async (bench) => {
    const { report } = await bench.plan([{ type: "search", query: {} }], { ...NO_IMAGES, limit: 2 });
    assertEquals([report.data().models, keys(bench).length], [2, 2]);
  }));

Deno.test("planTargets() reads a complete listing of the same run again, and plans nothing twice", () =>
  withBench({}, async (bench) => {
    const context = await bench.plan([{ type: "search", query: {} }]);
    bench.sandbox.log.clear();
    await planTargets(context, [{ type: "search", query: {} }]);
    assertEquals([bench.sandbox.log.requests.length, keys(bench).length], [1, 3]);
  }));

Deno.test("planTargets() requests known models a hundred at a time, and the rest one by one", () =>
  withBench({ outcomes: { takenDown: 0.3 } }, async (bench) => {
    const ids = [...bench.sandbox.catalog.models()].map((model) => model.id);
    const { report } = await bench.plan([{ type: "models", ids: [...ids, 1] }]);
    assertEquals(bench.sandbox.log.counts.get("GET /api/v1/models"), 1);
    assertEquals(report.data().problems.map((problem) => problem.target).includes("model:1"), true);
    assertEquals(report.data().models >= ids.length - 1, true);
  }));

Deno.test("planTargets() keeps a model that the site has removed, says so once, and plans it again when it is back", () =>
  withBench({}, async (bench) => {
    const { sandbox, library: { catalog } } = bench;
    await bench.download();
    const ids = [...sandbox.catalog.models()].map((model) => model.id);
    const gone = sandbox.catalog.modelAt(1);
    catalog.plan({ ...bench.firstItem(), key: "file:7:7", modelId: gone.id, path: "models/other.safetensors" }, 0);
    sandbox.setAbsent([gone.id]);
    const update = [{ type: "models", ids }] as const;
    const warnings = () => bench.events.splice(0).filter(({ type }) => type === "warning");
    const requests = () => {
      const targets = sandbox.log.requests.map(({ target }) => target.replace(/\?.*/, ""));
      sandbox.log.clear();
      return targets;
    };
    requests();
    const first = (await bench.plan(update)).report.data();
    const said = { modelId: gone.id, name: gone.name, keptFiles: 1 };
    assertEquals([first.problems, first.removed], [[], [{ ...said, isNews: true }]]);
    assertEquals(warnings().map((event) => event.type === "warning" && event.message), [
      `Removed on Civitai, kept: model:${gone.id} (${gone.name})`,
    ]);
    assertEquals(requests(), ["/api/v1/models", `/api/v1/models/${gone.id}`]);
    assertEquals([catalog.item("file:7:7")?.state, catalog.item("file:7:7")?.outcome], ["refused", "removed"]);
    const second = (await bench.plan(update)).report.data();
    assertEquals([second.problems, second.removed, warnings()], [[], [{ ...said, isNews: false }], []]);
    assertEquals(requests(), ["/api/v1/models"]);
    const reasonOf = () =>
      [...listLibrary(bench.library, { modelId: gone.id, states: ["done"] })].map((row) => row.reason);
    assertMatch(reasonOf()[0] ?? "", /^removed on Civitai, found on \d{4}-\d\d-\d\d$/);
    sandbox.setAbsent([]);
    const third = (await bench.plan(update)).report.data();
    assertEquals([third.models, third.problems, third.removed, reasonOf()], [3, [], [], [null]]);
  }));

Deno.test("planTargets() reports a named model that the site has removed, and calls an unknown one a problem", () =>
  withBench({}, async (bench) => {
    const { sandbox } = bench;
    const kept = sandbox.catalog.modelAt(0);
    const unknown = sandbox.catalog.modelAt(1);
    await bench.download({ targets: bench.everything.slice(0, 1) });
    sandbox.setAbsent([kept.id, unknown.id]);
    const versionId = kept.versions[0]!.id;
    for (const modelId of [kept.id, kept.id, unknown.id]) {
      for (
        const target of [
          { type: "model", modelId, versionId: null },
          { type: "version", versionId: modelId === kept.id ? versionId : unknown.versions[0]!.id, fileId: null },
          { type: "air", modelId, versionId, fileId: null },
        ] as const
      ) {
        const { removed, problems } = (await bench.plan([target])).report.data();
        assertEquals([removed.map((one) => [one.modelId, one.isNews]), problems.map(({ failure }) => failure)], [
          ...modelId === kept.id ? [[[kept.id, true]], []] : [[], ["gone"]],
        ]);
      }
    }
  }));

Deno.test("planTargets() takes no model for removed while the listing of known models fails", () =>
  withBench({}, async (bench) => {
    await bench.download();
    await using front = openFront(
      bench.sandbox.apiOrigin,
      (url) =>
        url.pathname.startsWith("/api/v1/models") ? Response.json({ error: "No model" }, { status: 404 }) : undefined,
    );
    const client = createClient({
      baseUrl: front.origin,
      token: bench.sandbox.token,
      clock: bench.clock,
      modelRate: 0,
    });
    const ids = [...bench.sandbox.catalog.models()].map((model) => model.id);
    const context = bench.planContext({ client });
    await planTargets(context, [{ type: "models", ids }]);
    const { removed, problems } = context.report.data();
    assertEquals([removed, problems.length], [[], 3]);
  }));

Deno.test("planTargets() plans no older version of a known model than the library has", () =>
  withBench({ versionsPerModel: { min: 3, max: 3 } }, async (bench) => {
    const latest = await bench.plan(bench.everything, { ...NO_IMAGES, versions: "latest" });
    const before = latest.report.data();
    assert(before.models > 0 && before.versions === before.models, "one version of each");
    const ids = [...bench.sandbox.catalog.models()].map((model) => model.id);
    const { report } = await bench.plan([{ type: "models", ids }]);
    assertEquals(report.data().versions, before.versions);
    const whole = await bench.plan(bench.everything);
    assert(whole.report.data().versions > before.versions, "a download plans them");
  }));

Deno.test("planTargets() does not request a private model again that the listing still omits", () =>
  withBench({ outcomes: { archived: 0.3 } }, async (bench) => {
    const ids = [...bench.sandbox.catalog.models()].map((model) => model.id);
    await bench.plan([{ type: "models", ids }]);
    const oneByOne = (): number =>
      bench.sandbox.log.requests.filter(({ target }) => /^\/api\/v1\/models\/\d/.test(target)).length;
    const closed = ids.filter((id) => (bench.library.catalog.model(id)?.json as { mode?: unknown } | undefined)?.mode);
    assert(closed.length > 0 && oneByOne() === closed.length, `${closed.length} closed, ${oneByOne()} asked for`);
    bench.sandbox.log.clear();
    await bench.plan([{ type: "models", ids }]);
    assertEquals(oneByOne(), 0);
  }));

Deno.test("planTargets() plans the images of a user, a post and an id", () =>
  withBench({ galleryPerVersion: 6 }, async (bench) => {
    const { catalog } = bench.sandbox;
    const shown = [...catalog.models()].flatMap((model) =>
      model.versions.flatMap((version) => [...catalog.galleryOf(version.id)])
    );
    const image = shown.find((one) => one.username !== null)!;
    const targets: PlanTarget[] = [{ type: "image", imageId: image.id }, { type: "post", postId: image.postId }];
    await bench.plan(targets, { ...NO_IMAGES, maxImages: 100 });
    const planned = bench.library.catalog.item(`image:${image.id}`);
    assertEquals([planned?.kind, planned?.state], ["image", "planned"]);
    assertEquals(planned?.path.startsWith(`images/${image.username}/`), true);
    assertEquals(JSON.parse(bench.library.catalog.note(`image:${image.id}`)!).id, image.id);
  }));

Deno.test("planTargets() plans only the models or only the images of a creator if the target says so", () =>
  withBench({ galleryPerVersion: 6 }, async (bench) => {
    const { catalog } = bench.sandbox;
    const shown = [...catalog.models()].flatMap((model) =>
      model.versions.flatMap((version) => [...catalog.galleryOf(version.id)])
    );
    const username = shown.find((one) => one.username !== null)!.username!;
    const choice = { ...NO_IMAGES, maxImages: 100 };
    const kinds = () => [...new Set([...bench.library.catalog.items()].map(({ kind }) => kind))];
    await bench.plan([{ type: "user", username, only: "images" }], choice);
    assertEquals(kinds(), ["image"]);
    const { report } = await bench.plan([{ type: "user", username, only: "images" }]);
    assertEquals(report.data().problems.map(({ target, message }) => [target, message]), [
      [`user:${username}/images`, `Cannot plan images of ${username}: images are not wanted`],
    ]);
    const creator = catalog.creators().next().value!.username;
    bench.sandbox.log.clear();
    await bench.plan([{ type: "user", username: creator, only: "models" }], choice);
    assertEquals(kinds(), ["image", "file"]);
    assertEquals(bench.sandbox.log.counts.get("GET /api/v1/images"), undefined);
  }));

Deno.test("planTargets() plans galleries, and reads a fresh one only for unfinished images", () =>
  withBench({ galleryPerVersion: 6 }, async (bench) => {
    const choice = { ...NO_IMAGES, gallery: 4 };
    const first = await bench.plan(bench.everything.slice(0, 1), choice);
    const gallery = { kinds: ["gallery"] } as const;
    const { count } = bench.library.catalog.totals(gallery);
    assert(count > 0 && count <= 4);
    const again = await bench.plan(bench.everything.slice(0, 1), choice);
    assertEquals(bench.library.catalog.totals({ ...gallery, runId: again.runId }).count, count);
    for (const item of bench.library.catalog.items(gallery)) {
      bench.library.catalog.mark(item.key, { state: "refused", outcome: "removed", reason: null });
    }
    bench.sandbox.log.clear();
    await bench.plan(bench.everything.slice(0, 1), choice);
    assertEquals(bench.sandbox.log.counts.get("GET /api/v1/images"), undefined);
    assert(first.runId < again.runId);
  }));

Deno.test("targetName() names each kind of target", () => {
  const names = ([
    { type: "user", username: "a" },
    { type: "user", username: "a", only: "images" },
    { type: "model", modelId: 1, versionId: null },
    { type: "model", modelId: 1, versionId: 2 },
    { type: "air", modelId: 1, versionId: 2, fileId: null },
    { type: "version", versionId: 2, fileId: null },
    { type: "hash", hash: "ab", kinds: [] },
    { type: "image", imageId: 3 },
    { type: "post", postId: 4 },
    { type: "search", query: { tag: "x" } },
    { type: "models", ids: [1, 2] },
  ] as const).map(targetName);
  assertEquals(names, [
    "user:a",
    "user:a/images",
    "model:1",
    "version:2",
    "version:2",
    "version:2",
    "hash:ab",
    "image:3",
    "post:4",
    'search {"tag":"x"}',
    "2 models of the library",
  ]);
});

Deno.test("planTargets() requests several galleries concurrently if allowed, with the same plan", async () => {
  const plan = async (concurrency: number): Promise<{ readonly keys: readonly string[]; readonly peak: number }> => {
    let result = { keys: [] as readonly string[], peak: 0 };
    await withBench({ size: { creators: 1, modelsPerCreator: 8 }, galleryPerVersion: 3 }, async (bench) => {
      bench.sandbox.setToxics([{ type: "latency", rate: 1, ms: 30, on: ["api"] }]);
      const { username } = bench.sandbox.catalog.creators().next().value!;
      const context = bench.planContext({ choice: { ...NO_IMAGES, gallery: 5 }, concurrency });
      await planTargets(context, [{ type: "search", query: { username } }]);
      const keys = [...bench.library.catalog.items()].map(({ key }) => key).sort();
      result = { keys, peak: bench.sandbox.log.peakConnections.api };
    });
    return result;
  };
  const one = await plan(1);
  const four = await plan(4);
  assertEquals(four.keys, one.keys);
  assert(four.peak > one.peak, `${four.peak} connections, and ${one.peak} one after another`);
});

/** Three files per version, each long enough for hashes of all kinds. */
const THREE_FILES = {
  size: { creators: 1, modelsPerCreator: 6 },
  filesPerVersion: { min: 3, max: 3 },
  fileBytes: { min: 1_100_000, max: 1_200_000 },
};

interface ToldFile {
  readonly id: number;
  readonly type: string;
  readonly primary?: boolean;
  readonly downloadUrl: string;
  readonly hashes: Readonly<Record<string, string>>;
}

async function toldFiles({ sandbox }: Bench, index: number): Promise<readonly ToldFile[]> {
  const response = await fetch(`${sandbox.apiOrigin}/api/v1/models/${sandbox.catalog.modelAt(index).id}`);
  return (await response.json()).modelVersions[0].files;
}

Deno.test("planTargets() plans the exact file with a hash of any kind, not the primary one", () =>
  withBench(THREE_FILES, async (bench) => {
    const kinds = new Set<string>();
    for (const file of await toldFiles(bench, 0)) {
      for (const [kind, hash] of Object.entries(file.hashes)) {
        const { report } = await bench.plan([parseTarget(`${kind.toLowerCase()}:${hash}`)]);
        if (report.data().problems.length > 0) continue;
        kinds.add(kind);
        const versionId = bench.sandbox.catalog.modelAt(0).versions[0]!.id;
        assertEquals(keys(bench), [`file:${versionId}:${file.id}`], `${kind} of ${file.type} ${file.id}`);
        bench.library.catalog.remove(keys(bench)[0]!);
      }
    }
    for (const kind of ["SHA256", "BLAKE3", "AutoV2", "CRC32"]) assert(kinds.has(kind), `${kind} was never planned`);
  }));

Deno.test("planTargets() plans the file of a pasted download link", () =>
  withBench(THREE_FILES, async (bench) => {
    let links = 0;
    for (let index = 0; index < 6; index++) {
      const files = await toldFiles(bench, index);
      for (const { id, downloadUrl } of files) {
        const isShared = files.filter((other) => other.downloadUrl === downloadUrl).length > 1;
        const { report } = await bench.plan([parseTarget(downloadUrl)]);
        const expected = `file:${bench.sandbox.catalog.modelAt(index).versions[0]!.id}:${id}`;
        if (isShared) assertEquals([keys(bench), report.data().problems.length], [[], 1]);
        else assertEquals(keys(bench), [expected], downloadUrl);
        for (const key of keys(bench)) bench.library.catalog.remove(key);
        links += URL.parse(downloadUrl)!.search === "" ? 0 : 1;
      }
    }
    assert(links >= 6, `${links} links with parameters`);
  }));

Deno.test("planTargets() plans nothing for a link that no file matches, and reports it", () =>
  withBench(THREE_FILES, async (bench) => {
    const versionId = bench.sandbox.catalog.modelAt(0).versions[0]!.id;
    const link = `https://civitai.com/api/download/models/${versionId}?type=Model&format=GGUF&quantType=IQ1_S`;
    const { report } = await bench.plan([parseTarget(link)]);
    assertEquals([keys(bench), report.data().problems.length], [[], 1]);
    assertStringIncludes(report.data().problems[0]!.message, 'Cannot find the file with type "Model"');
  }));

Deno.test("planTargets() plans each of several named files of one version", () =>
  withBench(THREE_FILES, async (bench) => {
    const { id, versions } = bench.sandbox.catalog.modelAt(0);
    const [version] = versions;
    const [one, two, three] = version!.files.map((file) => file.id);
    await bench.plan([
      parseTarget(`https://civitai.com/api/download/models/${version!.id}?fileId=${two}`),
      parseTarget(`https://civitai.com/api/download/models/${version!.id}?fileId=${three}`),
      parseTarget(`civitai:${id}@${version!.id}+${one}`),
    ]);
    assertEquals(keys(bench), [one, two, three].map((file) => `file:${version!.id}:${file}`).sort());
  }));

Deno.test("planTargets() reports that the model of a hash is archived", () =>
  withBench({ ...THREE_FILES, outcomes: { archived: 0.2 } }, async (bench) => {
    const archived = [...bench.sandbox.catalog.models()].find((model) => model.mode === "Archived")!;
    const hash = await bench.sandbox.sha256Of(archived.versions[0]!.files[1]!.id);
    const { report } = await bench.plan([parseTarget(hash)]);
    assertEquals([keys(bench), report.data().problems.length], [[], 1]);
  }));

/** The gallery of the first model in the catalog, and the number of requests for images. */
async function planGalleryOf(bench: Bench, changes: Partial<Choice>): Promise<{ planned: number; asked: number }> {
  const asked = () => bench.sandbox.log.counts.get("GET /api/v1/images") ?? 0;
  const before = asked();
  await bench.plan(bench.everything.slice(0, 1), { ...NO_IMAGES, gallery: 20, ...changes });
  return { planned: bench.library.catalog.totals({ kinds: ["gallery"] }).count, asked: asked() - before };
}

Deno.test("planTargets() completes a gallery that was listed for fewer maturity levels before", () =>
  withBench({ galleryPerVersion: 20 }, async (bench) => {
    const { id } = bench.sandbox.catalog.modelAt(0).versions[0]!;
    const images = [...bench.sandbox.catalog.galleryOf(id)];
    const safe = images.filter((image) => image.nsfwLevel === 1).length;
    assert(safe > 0 && safe < images.length, `${safe} of ${images.length} are rated PG`);
    assertEquals(await planGalleryOf(bench, { levels: 1 }), { planned: safe, asked: 1 });
    assertEquals(await planGalleryOf(bench, {}), { planned: images.length, asked: 1 });
  }));

Deno.test("planTargets() requests a gallery again if it is older than allowed", () =>
  withBench({ galleryPerVersion: 4 }, async (bench) => {
    const days = (count: number) => count * 24 * 3_600_000;
    await planGalleryOf(bench, {});
    bench.library.catalog.items({ kinds: ["gallery"] }).toArray().forEach((item) =>
      bench.library.catalog.mark(item.key, { state: "refused", outcome: "removed", reason: null })
    );
    assertEquals((await planGalleryOf(bench, {})).asked, 0);
    assertEquals((await planGalleryOf(bench, { galleryAgeMs: 0 })).asked, 1);
    bench.library.catalog.items({ kinds: ["gallery"] }).toArray().forEach((item) =>
      bench.library.catalog.mark(item.key, { state: "refused", outcome: "removed", reason: null })
    );
    bench.clock.advance(days(2));
    assertEquals((await planGalleryOf(bench, {})).asked, 0);
    assertEquals((await planGalleryOf(bench, { galleryAgeMs: days(1) })).asked, 1);
  }));

Deno.test("planTargets() requests a gallery from another service again", () =>
  withBench({ galleryPerVersion: 4 }, async (bench) => {
    await bench.download({ targets: bench.everything.slice(0, 1), choice: { ...NO_IMAGES, gallery: 4 } });
    assertEquals((await planGalleryOf(bench, { gallery: 4 })).asked, 0);
    await using front = openFront(bench.sandbox.apiOrigin, () => undefined);
    const client = createClient({
      baseUrl: front.origin,
      token: bench.sandbox.token,
      clock: bench.clock,
      imageRate: 0,
    });
    const choice = { ...NO_IMAGES, gallery: 4 };
    await planTargets(bench.planContext({ client, choice }), bench.everything.slice(0, 1));
    assertEquals(front.asked.filter((path) => path.startsWith("/api/v1/images")).length, 1);
  }));

Deno.test("planTargets() plans images of a fresh gallery again that are missing on disk", () =>
  withBench({ galleryPerVersion: 4 }, async (bench) => {
    const choice = { ...NO_IMAGES, gallery: 4 };
    await bench.download({ targets: bench.everything.slice(0, 1), choice });
    const [one] = bench.library.catalog.items({ kinds: ["gallery"], states: ["done"] }).toArray();
    await Deno.remove(join(bench.library.root, one!.path));
    await planGalleryOf(bench, { gallery: 4 });
    assertEquals(bench.library.catalog.item(one!.key)?.state, "planned");
  }));
