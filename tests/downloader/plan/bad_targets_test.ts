import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { createClient } from "../../../lib/civitai/mod.ts";
import { type DownloadEvent, type PlanTarget, planTargets, type SettledPlanning } from "../../../lib/downloader/mod.ts";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import type { SandboxOptions } from "../../../lib/sandbox/mod.ts";
import { type ApiFront, type FrontRule, openFront } from "../../helpers/servers/api_front.ts";
import { type Bench, NO_IMAGES, withBench } from "../../helpers/library/download_bench.ts";

const THREE_CREATORS: SandboxOptions = { size: { creators: 3, modelsPerCreator: 3 } };

/** A bench whose API is behind a front, and the names of its creators. */
interface Story {
  readonly bench: Bench;
  readonly front: ApiFront;
  readonly names: readonly string[];
  readonly context: (changes?: Partial<SettledPlanning>) => SettledPlanning;
}

/** Run a story with an API for which a rule answers some requests; the rule receives the creators' names. */
function withFront(
  options: SandboxOptions,
  makeRule: (names: readonly string[], bench: Bench) => FrontRule,
  story: (story: Story) => Promise<void>,
): Promise<void> {
  return withBench(options, async (bench) => {
    const names = [...bench.sandbox.catalog.creators()].map((creator) => creator.username);
    await using front = openFront(bench.sandbox.apiOrigin, makeRule(names, bench));
    const { clock, sandbox: { token } } = bench;
    const rates = { modelRate: 0, imageRate: 0, downloadRate: 0 };
    const client = createClient({ baseUrl: front.origin, token, clock, ...rates, maxRetries: 1 });
    const context = (changes: Partial<SettledPlanning> = {}) => bench.planContext({ client, ...changes });
    await story({ bench, front, names, context });
  });
}

const users = (names: readonly string[]): PlanTarget[] => names.map((username) => ({ type: "user", username }));

const isListingOf = (url: URL, name: string): boolean =>
  url.pathname === "/api/v1/models" && url.searchParams.get("username") === name;

/** The number of model files of a creator. */
function filesOf({ sandbox }: Bench, creator: string): number {
  return sandbox.facts().filter((fact) => fact.creator === creator).toArray().length;
}

function plannedOf({ library }: Bench, creator: string): number {
  return library.catalog.items({ kinds: ["file"], states: ["planned"] }).filter((item) => item.creator === creator)
    .toArray().length;
}

const REFUSALS: readonly (readonly [string, () => Response, RegExp])[] = [
  ["403", () => Response.json({ error: "Forbidden" }, { status: 403 }), /responded with 403/],
  ["500", () => Response.json({ error: "Internal" }, { status: 500 }), /responded with 500/],
];

for (const [what, refuse, said] of REFUSALS) {
  Deno.test(`planTargets() plans the other creators if the listing of one returns ${what}`, () =>
    withFront(
      THREE_CREATORS,
      (names) => (url) => isListingOf(url, names[0]!) ? refuse() : undefined,
      async ({ bench, names, context }) => {
        const plan = context();
        await planTargets(plan, users(names));
        assertEquals(names.map((name) => plannedOf(bench, name)), [
          0,
          ...names.slice(1).map((name) => filesOf(bench, name)),
        ]);
        const { problems, listings } = plan.report.data();
        assertEquals(problems.map(({ target }) => target), [`user:${names[0]}`]);
        assertMatch(problems[0]!.message, said);
        assertEquals(listings[`user:${names[0]}`], { apiCount: 3, seen: 0, missing: "its listing was interrupted" });
      },
    ));
}

/** The first two models of a creator as a page whose cursor never changes. */
const repeatsCursor = (names: readonly string[], { sandbox }: Bench): FrontRule => {
  const ids = [...sandbox.catalog.models()].filter((model) => model.creator?.username === names[0]).map(({ id }) => id);
  return (url) => {
    if (!isListingOf(url, names[0]!)) return undefined;
    const items = (url.searchParams.has("cursor") ? ids.slice(1, 2) : ids.slice(0, 1)).map((id) =>
      modelOf(id, names[0]!)
    );
    return Response.json({ items, metadata: { nextCursor: "again" } });
  };
};

function modelOf(id: number, username: string): unknown {
  const file = { id: id * 10, name: "a.safetensors", type: "Model", sizeKB: 1, primary: true, hashes: {} };
  const version = { id: id * 2, name: "v1", baseModel: "Pony", files: [file], images: [] };
  return { id, name: `model ${id}`, type: "LORA", creator: { username }, modelVersions: [version] };
}

Deno.test("planTargets() keeps what was listed before a creator's listing repeats its cursor, and continues", () =>
  withFront(THREE_CREATORS, repeatsCursor, async ({ bench, names, context }) => {
    const plan = context();
    await planTargets(plan, users(names));
    assertEquals(names.map((name) => plannedOf(bench, name)), [
      2,
      ...names.slice(1).map((name) => filesOf(bench, name)),
    ]);
    const { problems, listings } = plan.report.data();
    assertEquals(problems.map(({ target }) => target), [`user:${names[0]}`]);
    assertStringIncludes(problems[0]!.message, 'repeats the cursor "again"');
    assertEquals(listings[`user:${names[0]}`], { apiCount: 3, seen: 2, missing: "its listing was interrupted" });
  }));

Deno.test("planTargets() still plans the images of a creator whose models cannot be listed", () =>
  withFront(
    { ...THREE_CREATORS, galleryPerVersion: 6 },
    (names) => (url) => isListingOf(url, names[0]!) ? Response.json({}, { status: 500 }) : undefined,
    async ({ front, names, context }) => {
      await planTargets(context({ choice: { ...NO_IMAGES, maxImages: 5 } }), users(names));
      assert(front.asked.some((path) => path.startsWith("/api/v1/images") && path.includes(`username=${names[0]}`)));
    },
  ));

Deno.test("planTargets() lists a creator whose models the service cannot count", () =>
  withFront(
    THREE_CREATORS,
    () => (url) => url.pathname === "/api/v1/creators" ? Response.json({}, { status: 500 }) : undefined,
    async ({ bench, names, context }) => {
      const plan = context();
      await planTargets(plan, users(names));
      assertEquals(names.map((name) => plannedOf(bench, name)), names.map((name) => filesOf(bench, name)));
      assertEquals(plan.report.data().problems, []);
      assertEquals(plan.report.data().listings[`user:${names[0]}`]?.apiCount, null);
    },
  ));

Deno.test("planTargets() plans all models of a creator if one gallery cannot be listed, and names it", () =>
  withFront(
    { ...THREE_CREATORS, galleryPerVersion: 4 },
    (_, { sandbox }) => (url) =>
      url.searchParams.get("modelVersionId") === `${sandbox.catalog.modelAt(0).versions[0]!.id}`
        ? Response.json({}, { status: 500 })
        : undefined,
    async ({ bench, names, context }) => {
      const plan = context({ choice: { ...NO_IMAGES, gallery: 2 } });
      await planTargets(plan, users(names));
      assertEquals(names.map((name) => plannedOf(bench, name)), names.map((name) => filesOf(bench, name)));
      const { problems } = plan.report.data();
      const { id } = bench.sandbox.catalog.modelAt(0).versions[0]!;
      assertEquals(problems.map(({ target }) => target), [`version:${id}`]);
    },
  ));

Deno.test("planTargets() sends that a gallery was listed only if it could not be listed before", () => {
  const story = { isBroken: true };
  const listedOf = ({ events }: Bench): readonly string[] =>
    events.splice(0).flatMap((event) => event.type === "listed" ? [event.target] : []);
  return withFront(
    { ...THREE_CREATORS, galleryPerVersion: 4 },
    (_, { sandbox }) => (url) => {
      const isGallery = url.searchParams.get("modelVersionId") === `${sandbox.catalog.modelAt(0).versions[0]!.id}`;
      return isGallery && story.isBroken ? Response.json({}, { status: 500 }) : undefined;
    },
    async ({ bench, names, context }) => {
      const choice = { ...NO_IMAGES, gallery: 2, galleryAgeMs: 0 };
      const { id, versions } = bench.sandbox.catalog.modelAt(0);
      const user = `user:${names[0]}`;
      const version = `version:${versions[0]!.id}`;
      await planTargets(context({ choice }), users(names.slice(0, 1)));
      assertEquals(listedOf(bench), [user]);
      // The version's own target went well, but its gallery has the same name.
      await planTargets(context({ choice }), [{ type: "version", versionId: versions[0]!.id, fileId: null }]);
      assertEquals(listedOf(bench), []);
      story.isBroken = false;
      await planTargets(context({ choice }), [{ type: "model", modelId: id, versionId: null }]);
      assertEquals(listedOf(bench), [version, `model:${id}`]);
      await planTargets(context({ choice }), users(names.slice(0, 1)));
      assertEquals(listedOf(bench), [user]);
    },
  );
});

Deno.test("planTargets() plans the models of a creator whose images cannot be listed, and names the images", () =>
  withFront(
    THREE_CREATORS,
    (names) => (url) =>
      url.pathname === "/api/v1/images" && url.searchParams.get("username") === names[0]
        ? Response.json({}, { status: 500 })
        : undefined,
    async ({ bench, names, context }) => {
      const plan = context({ choice: { ...NO_IMAGES, maxImages: 5 } });
      await planTargets(plan, users(names));
      assertEquals(names.map((name) => plannedOf(bench, name)), names.map((name) => filesOf(bench, name)));
      assertEquals(plan.report.data().problems.map(({ target }) => target), [`user:${names[0]}/images`]);
      const listed = bench.events.flatMap((event) => event.type === "listed" ? [event.target] : []);
      assertEquals(listed, [
        `user:${names[0]}`,
        ...names.slice(1).flatMap((name) => [`user:${name}`, `user:${name}/images`]),
      ]);
    },
  ));

Deno.test("planTargets() skips galleries after three consecutive failures, and reports it once", () =>
  withFront(
    { ...THREE_CREATORS, galleryPerVersion: 4 },
    () => (url) => url.pathname === "/api/v1/images" ? Response.json({}, { status: 503 }) : undefined,
    async ({ bench, front, names, context }) => {
      const plan = context({ choice: { ...NO_IMAGES, gallery: 2 } });
      await planTargets(plan, users(names));
      const { count } = bench.library.catalog.totals({ kinds: ["file"] });
      const asked = new Set(front.asked.filter((path) => path.startsWith("/api/v1/images")));
      assertEquals(asked.size, 3);
      assertEquals(plan.report.data().problems.length, 4);
      assertStringIncludes(plan.report.data().problems[3]!.message, `${count - 3} more galleries`);
    },
  ));

Deno.test("planTargets() requests known models one by one if they cannot be listed together", () =>
  withFront(
    THREE_CREATORS,
    () => (url) => url.searchParams.has("ids") ? Response.json({}, { status: 500 }) : undefined,
    async ({ bench, context }) => {
      const ids = [...bench.sandbox.catalog.models()].map((model) => model.id);
      const plan = context();
      await planTargets(plan, [{ type: "models", ids }]);
      assertEquals(bench.library.catalog.totals({ kinds: ["file"] }).count, 9);
      assertEquals(plan.report.data().problems, []);
    },
  ));

Deno.test("planTargets() fails with the failure that all targets share", () =>
  withFront(
    THREE_CREATORS,
    () => (url) => url.pathname === "/api/v1/models" ? Response.json({ error: "no" }, { status: 403 }) : undefined,
    async ({ names, context }) => {
      const error = await assertRejects(() => planTargets(context(), users(names)), FailureError);
      assertEquals(error.failure, "forbidden");
    },
  ));

Deno.test("planTargets() stops after the service fails three consecutive targets", () =>
  withFront(
    THREE_CREATORS,
    () => () => Response.json({}, { status: 500 }),
    async ({ bench, context }) => {
      await assertRejects(() => planTargets(context(), bench.everything), FailureError, "responded with 500");
      assertEquals(bench.events.filter((event) => event.type === "target").length, 3);
    },
  ));

Deno.test("planTargets() warns of foreign entries in a creator's listings, and plans the creator's own", () =>
  withFront(
    THREE_CREATORS,
    ([own, other]) => (url) => {
      if (isListingOf(url, own!)) {
        const models = [modelOf(901, own!), modelOf(902, other!), modelOf(903, own!)];
        return Response.json({ items: models, metadata: {} });
      }
      const isFeed = url.pathname === "/api/v1/images" && url.searchParams.get("username") === own;
      const images = [imageOf(81, own!), imageOf(82, other!), imageOf(83, other!)];
      return isFeed ? Response.json({ items: images, metadata: {} }) : undefined;
    },
    async ({ bench: { library }, names, context }) => {
      const warnings: string[] = [];
      const onEvent = (event: DownloadEvent) => void (event.type === "warning" && warnings.push(event.message));
      const choice = { ...NO_IMAGES, maxImages: 5 };
      await planTargets(context({ choice, onEvent }), users(names.slice(0, 1)));
      const planned = library.catalog.items({ states: ["planned"] }).toArray();
      assertEquals(planned.map(({ modelId, imageId }) => modelId ?? imageId).sort(), [81, 901, 903]);
      assertEquals(warnings, [
        `user:${names[0]}: left out 1 entry that does not belong to it`,
        `user:${names[0]}/images: left out 2 entries that do not belong to it`,
      ]);
    },
  ));

function imageOf(id: number, username: string): unknown {
  const url = `https://image.civitai.com/xG1nkqKTMzGDvpLrqFT7WA/${id}/original=true/${id}.jpeg`;
  return { id, url, username, type: "image", width: 8, height: 8, browsingLevel: 1, nsfwLevel: "None", postId: id };
}
