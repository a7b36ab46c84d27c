import { assert, assertEquals, assertGreater, assertStringIncludes, assertThrows } from "@std/assert";
import { exists } from "@std/fs";
import { type Plan, planSchema } from "../../../lib/app/plans/plan_shape.ts";
import { KitError } from "../../../lib/base/mod.ts";
import { parseTarget } from "../../../lib/civitai/mod.ts";
import { DEFAULT_CHOICE, download, openEngine, openLibrary } from "../../../lib/downloader/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { NO_IMAGES } from "../../helpers/library/download_bench.ts";
import { type Planner, withPlanner } from "./_planner.ts";

const HOUR_MS = 3_600_000;

/** Fetch targets into the library of a planner. */
async function fetchAll({ root, sandbox }: Planner, words: readonly string[]): Promise<void> {
  using library = await openLibrary(root, { command: "test" });
  const rates = { modelRate: Infinity, imageRate: Infinity, downloadRate: Infinity };
  using engine = openEngine({ library, client: { baseUrl: sandbox.apiOrigin, token: sandbox.token, ...rates } });
  await download({
    ...engine,
    targets: words.map((word) => parseTarget(word)),
    choice: NO_IMAGES,
    command: "download",
    reserveBytes: 0,
    approve: () => Promise.resolve(true),
    signal: AbortSignal.timeout(60_000),
  });
}

const filesOf = (plan: Plan) => plan.models.flatMap(({ versions }) => versions.flatMap(({ files }) => files));
const creatorOf = ({ sandbox }: Planner): string => [...sandbox.catalog.creators()][0]!.username;

Deno.test("PlanStore plans a creator by name, without a library, and makes none", () =>
  withPlanner({ imagesPerVersion: { min: 2, max: 2 }, galleryPerVersion: 1 }, async (planner) => {
    const { sandbox, plans, root, notices } = planner;
    const begun = plans.add({ targets: [`user:${creatorOf(planner)}`] });
    assertEquals([begun.state, begun.kind, begun.models], ["running", "download", []]);
    const plan = planSchema.parse(await planner.made(begun));
    assertEquals([plan.state, plan.problem, plan.nothing, plan.truncated], ["ready", null, null, 0]);
    const facts = [...sandbox.facts()];
    assertEquals(plan.models.map(({ id }) => id).sort(), [...sandbox.catalog.models()].map(({ id }) => id).sort());
    const keys = facts.map(({ versionId, fileId }) => `file:${versionId}:${fileId}`);
    assertEquals(filesOf(plan).map(({ key }) => key).sort(), keys.sort());
    assertEquals(plan.wanted.files, facts.length);
    assertEquals(plan.wanted.bytes, filesOf(plan).reduce((sum, { bytes }) => sum + bytes!, 0));
    const images = plan.models.flatMap(({ versions }) => versions.map((version) => version.images.count));
    assert(images.every((count) => count >= 2), images.join());
    const posted = plan.posted.reduce((sum, entry) => sum + entry.images.count, 0);
    assertEquals(plan.wanted.images, images.reduce((sum, count) => sum + count, posted));
    assertEquals([plan.listed, plan.reserveBytes], [3, 1000]);
    assertGreater(plan.freeBytes, 0);
    assertEquals(notices.every((id) => id === plan.id), true);
    assertEquals([await exists(root), sandbox.log.downloadHits], [false, 0]);
  }));

Deno.test("PlanStore plans a model, a version, a hash, an image and an address, each once", () =>
  withPlanner({ imagesPerVersion: { min: 1, max: 1 }, galleryPerVersion: 1 }, async (planner) => {
    const { sandbox } = planner;
    const [first, second, third] = [...sandbox.facts()];
    const hash = await sandbox.sha256Of(second!.fileId);
    const [image] = [...sandbox.catalog.models()][0]!.versions[0]!.images;
    const plan = await planner.plan(
      `model:${first!.modelId}, version:${first!.versionId}\nhash:${hash} image:${image!.id}`,
      `${sandbox.apiOrigin}/models/${third!.modelId}`,
    );
    assertEquals(plan.problems, []);
    assertEquals(plan.targets, [
      `model:${first!.modelId}`,
      `version:${first!.versionId}`,
      `hash:${hash.toLowerCase()}`,
      `image:${image!.id}`,
      `model:${third!.modelId}`,
    ]);
    const wanted = [first, second, third].map((fact) => `file:${fact!.versionId}:${fact!.fileId}`);
    assertEquals(filesOf(plan).map(({ key }) => key).sort(), wanted.sort());
    assertEquals(plan.posted.map(({ images }) => images.count), [1]);
  }));

Deno.test("PlanStore names each bad one of thirty targets, and never one with a secret", () =>
  withPlanner({}, async (planner) => {
    const good = [...planner.sandbox.catalog.models()].map(({ id }) => `model:${id}`);
    const secret = "https://civitai.com/api/download/models/5?token=0123456789abcdef0123456789abcdef";
    const login = "https://someone:s3cr3t-pass@civitai.com/models/5";
    const lines = [
      ...good,
      ...Array.from({ length: 20 }, (_, index) => `model:${index + 900_000_001} # gone`),
      "a/b",
      "https://example.com/models/1",
      "<script>alert(1)</script>",
      "💥",
      secret,
      login,
      "model:0",
    ];
    assertEquals(lines.length, 30);
    const plan = await planner.plan(lines.join("\n"));
    assertEquals([plan.state, plan.models.length], ["ready", 3]);
    const named = plan.problems.map(({ target }) => target);
    assertEquals(named.filter((name) => name.startsWith("model:9")).length, 20);
    for (const word of ["a/b", "https://example.com/models/1", "💥", "word 28", "word 29", "model:0"]) {
      assert(named.includes(word), `${word} of ${named}`);
    }
    const text = JSON.stringify(plan);
    assert(!text.includes("s3cr3t") && !text.includes("0123456789abcdef"), text);
  }));

Deno.test("PlanStore makes a plan of nothing but bad targets, and none of no target", () =>
  withPlanner({}, async (planner) => {
    const plan = await planner.plan("a/b");
    assertEquals([plan.state, plan.nothing], ["ready", "none of the targets can be used"]);
    assertEquals(plan.problems.map(({ target }) => target), ["a/b"]);
    assertThrows(() => planner.plans.add({ targets: [" , \n# nothing"] }), KitError, "there is no target");
    const many = Array.from({ length: 10_001 }, (_, index) => String(index + 1)).join(",");
    assertThrows(() => planner.plans.add({ targets: [many] }), KitError, "at most 10000");
  }));

Deno.test("PlanStore says why a plan is empty: a choice that matches nothing, and what is there", () =>
  withPlanner({}, async (planner) => {
    const { plans } = planner;
    const targets = [`user:${creatorOf(planner)}`];
    const none = await planner.made(plans.add({ targets, choice: { types: ["Poses"], maxImages: 0 } }));
    assertEquals([none.models, none.nothing], [[], "no version of 3 models matches --type Poses"]);
    await fetchAll(planner, targets);
    const done = await planner.made(plans.add({ targets, choice: NO_IMAGES }));
    assertEquals([done.models, done.nothing, done.there.count], [[], null, 3]);
  }));

Deno.test("PlanStore names files that replace others", () =>
  withPlanner({}, async (planner) => {
    const { sandbox, plans } = planner;
    const targets = [`user:${creatorOf(planner)}`];
    await fetchAll(planner, targets);
    const [fact] = [...sandbox.facts()];
    sandbox.replaceFile(fact!.fileId, { sizeBytes: 5000 });
    const plan = await planner.made(plans.add({ targets, choice: NO_IMAGES }));
    assertEquals(filesOf(plan).map(({ key, replaces }) => [key, replaces]), [
      [`file:${fact!.versionId}:${fact!.fileId}`, true],
    ]);
    assertEquals(plan.there.count, 2);
  }));

Deno.test("PlanStore says what is refused and why, by name", () =>
  withPlanner({
    size: { creators: 1, modelsPerCreator: 20 },
    outcomes: { earlyAccess: 0.05, archived: 0.05, takenDown: 0.05, downloadsDisabled: 0.05 },
    flagged: 1,
  }, async (planner) => {
    const ids = [...planner.sandbox.catalog.models()].map(({ id }) => `model:${id}`);
    const plan = await planner.made(planner.plans.add({ targets: ids, choice: NO_IMAGES }));
    const codes = new Set(plan.refused.map(({ code }) => code));
    for (const code of ["early-access", "archived"]) assert(codes.has(code), `${code} of ${[...codes]}`);
    assertEquals(plan.refusedCount, plan.refused.length);
    assert(
      plan.refused.every(({ name, reason }) => name.includes(" / ") && reason !== ""),
      JSON.stringify(plan.refused),
    );
  }));

Deno.test("PlanStore keeps hostile names as text", () =>
  withPlanner({ nastyNames: 1, size: { creators: 1, modelsPerCreator: 30 } }, async (planner) => {
    const ids = [...planner.sandbox.catalog.models()].map(({ id }) => `model:${id}`);
    const plan = planSchema.parse(await planner.made(planner.plans.add({ targets: ids, choice: NO_IMAGES })));
    assertEquals(plan.models.length, 30);
    const names = plan.models.map(({ name }) => name);
    assert(names.some((name) => name.includes("<is>")), names.join("\n"));
    assert(filesOf(plan).every(({ name }) => name !== "" && !name.includes("/")));
  }));

Deno.test("PlanStore says that the API cannot be reached, or that the key was revoked", async () => {
  await withPlanner({}, async (planner) => {
    const { state, problem } = await planner.plan("model:1");
    assertEquals([state, problem?.code], ["failed", "network"]);
  }, { baseUrl: "http://127.0.0.1:9" });
  await withPlanner({}, async (planner) => {
    planner.sandbox.setToken("another-token");
    const { state, problem } = await planner.plan(`user:${creatorOf(planner)} a/b`);
    assertEquals([state, problem?.code], ["failed", "auth"]);
    assertStringIncludes(problem?.detail ?? "", "wrong, expired or revoked");
  });
});

Deno.test("PlanStore drops a plan in the middle of its listing, and all of them when it is closed", () =>
  withPlanner({ latencyMs: 60_000 }, async (planner) => {
    const { plans } = planner;
    const first = plans.add({ targets: ["model:1"] });
    const second = plans.add({ targets: ["model:2"] });
    assertEquals(await plans.remove(first.id), true);
    assertEquals([plans.get(first.id), plans.get(second.id)?.state], [null, "running"]);
    assertEquals(await plans.remove(first.id), false);
    // The next one is stopped by the end of the test, while its request waits for an answer.
  }));

Deno.test("PlanStore works while another run holds the library", () =>
  withPlanner({}, async (planner) => {
    await fetchAll(planner, [`user:${creatorOf(planner)}`]);
    using _held = await openLibrary(planner.root, { command: "download" });
    const plan = await planner.made(planner.plans.add({ targets: [`user:${creatorOf(planner)}`], choice: NO_IMAGES }));
    assertEquals([plan.state, plan.there.count], ["ready", 3]);
  }));

Deno.test("PlanStore plans what is newer of all models of the library, with the choice of their last downloads", () =>
  withPlanner({}, async (planner) => {
    const { sandbox, plans } = planner;
    const empty = await planner.made(plans.addUpdates());
    assertEquals([empty.state, empty.kind, empty.nothing], [
      "ready",
      "update",
      "the library is empty: say what to fetch first",
    ]);
    await fetchAll(planner, [`user:${creatorOf(planner)}`]);
    const begun = plans.addUpdates();
    assertEquals(plans.addUpdates().id, begun.id);
    const same = await planner.made(begun);
    assertEquals([same.models, same.there.count, same.listed], [[], 3, 3]);
    const [fact] = [...sandbox.facts()];
    sandbox.replaceFile(fact!.fileId);
    const newer = await planner.made(plans.addUpdates());
    assertEquals(newer.models.map(({ id }) => id), [fact!.modelId]);
  }));

Deno.test("PlanStore answers a repeated request with the same plan, and keeps plans for an hour", async () => {
  const clock = new FakeClock();
  await withPlanner({}, async (planner) => {
    const { plans } = planner;
    const first = plans.add({ targets: ["a/b"], key: "once" });
    assertEquals(plans.add({ targets: ["a/b"], key: "once" }).id, first.id);
    await planner.made(first);
    clock.advance(HOUR_MS + 1);
    assertEquals(plans.get(first.id), null);
    const second = await planner.plan("a/b");
    for (let round = 0; round < 20; round++) await planner.plan("a/b");
    assertEquals(plans.get(second.id), null);
  }, { clock });
});

Deno.test("PlanStore tells what is left of the limits of a day", () =>
  withPlanner({}, async (planner) => {
    const { quota } = await planner.plan(`user:${creatorOf(planner)}`);
    assertEquals(quota, { links: { left: 10, limit: 10 }, bytes: null });
  }, { limits: { links: 10, bytes: null }, choice: { ...DEFAULT_CHOICE, maxImages: 0 } }));
