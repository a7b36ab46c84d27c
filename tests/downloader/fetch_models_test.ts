import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { fetchModels, openLibrary, verifyLibrary } from "../../lib/downloader/mod.ts";
import { startSandbox } from "../../lib/sandbox/mod.ts";
import { PROFILES } from "../../lib/transfer/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const SMALL = { size: { creators: 2, modelsPerCreator: 4 }, outcomes: {}, requireLogin: 0 };
const CHOICE = { previews: 0, gallery: 0, maxImages: 0 };

Deno.test("fetchModels() fetches ids and words into a library that passes verify, and nothing twice", () =>
  inTempDir(async (folder) => {
    await using sandbox = await startSandbox({ ...SMALL, versionsPerModel: { min: 2, max: 2 } });
    const [creator] = sandbox.catalog.creators();
    const own = [...sandbox.facts()].filter((fact) => fact.creator === creator!.username);
    const [other] = [...sandbox.facts()].filter((fact) => fact.creator !== creator!.username && fact.creator !== null);
    const summaries: string[] = [];
    const options = {
      token: sandbox.token,
      baseUrl: sandbox.apiOrigin,
      choice: CHOICE,
      latestOnly: true,
      reserveBytes: 0,
      onProgress: ({ summary }: { readonly summary: string }) => void summaries.push(summary),
    };
    const targets = [other!.modelId, `user:${creator!.username}`];
    const models = new Set([other!.modelId, ...own.map((fact) => fact.modelId)]);
    assertEquals(await fetchModels(join(folder, "models"), targets, options), {
      outcomes: { done: models.size },
      problems: [],
      stopped: null,
    });
    assertStringIncludes(summaries.at(-1)!, `${models.size}/${models.size} files`);
    using library = await openLibrary(join(folder, "models"), { command: "test" });
    assertEquals((await verifyLibrary(library, { deep: true })).counts.ok, models.size);
    library[Symbol.dispose]();
    sandbox.log.clear();
    const again = await fetchModels(join(folder, "models"), targets, options);
    assertEquals([again.outcomes, again.problems, sandbox.log.downloadHits], [{ "already there": models.size }, [], 0]);
  }));

Deno.test("fetchModels() names unavailable models and fetches the rest", () =>
  inTempDir(async (folder) => {
    await using sandbox = await startSandbox(SMALL);
    const [fact] = sandbox.facts();
    const { outcomes, problems } = await fetchModels(folder, [987_654_321, fact!.modelId], {
      token: sandbox.token,
      baseUrl: sandbox.apiOrigin,
      choice: CHOICE,
      reserveBytes: 0,
    });
    assert((outcomes.done ?? 0) > 0);
    assertEquals(problems.map(({ target }) => target), ["model:987654321"]);
    assertStringIncludes(problems[0]!.message, "987654321");
  }));

Deno.test("fetchModels() reports that nothing matches a choice, and uses the requested layout", () =>
  inTempDir(async (folder) => {
    await using sandbox = await startSandbox(SMALL);
    const [fact] = sandbox.facts();
    const common = { token: sandbox.token, baseUrl: sandbox.apiOrigin, reserveBytes: 0 };
    const none = await fetchModels(folder, [fact!.modelId], { ...common, choice: { ...CHOICE, types: ["Poses"] } });
    assertEquals([none.outcomes, none.problems.length], [{}, 1]);
    assertStringIncludes(none.problems[0]!.message, "Poses");
    const choice = { ...CHOICE, template: "here/{file}" };
    await fetchModels(folder, [fact!.modelId], { ...common, choice });
    using library = await openLibrary(folder, { command: "test" });
    assertEquals([...library.catalog.items({ kinds: ["file"] })].every(({ path }) => path.startsWith("here/")), true);
  }));

Deno.test("fetchModels() stops with the reason of its signal, and resumes at the next call", () =>
  inTempDir(async (folder) => {
    await using sandbox = await startSandbox({
      ...SMALL,
      toxics: [{ type: "latency", rate: 1, ms: 50, on: ["storage"] }],
    });
    const [creator] = sandbox.catalog.creators();
    const common = { token: sandbox.token, baseUrl: sandbox.apiOrigin, reserveBytes: 0, choice: CHOICE };
    const stop = new AbortController();
    const onEvent = ({ type }: { readonly type: string }): void =>
      void (type === "end" && stop.abort(new Error("enough")));
    const targets = [`user:${creator!.username}`];
    const options = { ...common, profile: PROFILES.stable, onEvent, signal: stop.signal };
    await assertRejects(() => fetchModels(folder, targets, options), Error, "enough");
    await assertRejects(() => fetchModels(join(folder, "new"), targets, options), Error, "enough");
    await assertRejects(() => Deno.stat(join(folder, "new")), Deno.errors.NotFound);
    const { outcomes, stopped } = await fetchModels(folder, targets, common);
    assert((outcomes.done ?? 0) > 0);
    assertEquals(stopped, null);
  }));

Deno.test("fetchModels() requires a target", () =>
  inTempDir(async (folder) => {
    await assertRejects(() => fetchModels(folder, []), KitError, "no target is given");
  }));

Deno.test("fetchModels() throws for an invalid word before it creates a folder", () =>
  inTempDir(async (folder) => {
    const error = await assertRejects(() => fetchModels(join(folder, "new"), ["https://example.com/x"]), KitError);
    assertEquals(error.code, "usage");
    await assertRejects(() => Deno.stat(join(folder, "new")), Deno.errors.NotFound);
  }));
