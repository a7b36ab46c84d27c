import { assert, assertEquals, assertMatch } from "@std/assert";
import { exists } from "@std/fs";
import { planSchema } from "../../lib/app/plans/plan_shape.ts";
import { openLibrary } from "../../lib/downloader/mod.ts";
import { withServed } from "../helpers/served_program.ts";

Deno.test("serve plans pasted targets by name, and tells it by its events", () =>
  withServed({}, async ({ sandbox, root, ask, planned }) => {
    const [creator] = [...sandbox.catalog.creators()];
    const begun = await ask("POST", "plans", { targets: [`${creator!.username}, a/b`], choice: { gallery: 0 } });
    assertEquals([begun.status, begun.body.state], [202, "running"]);
    const plan = planSchema.parse(await planned(begun.body.id));
    assertEquals([plan.state, plan.models.length, plan.wanted.files], ["ready", 3, 3]);
    assertEquals(plan.problems.map(({ target }) => target), ["a/b"]);
    assertEquals([await exists(root), sandbox.log.downloadHits], [false, 0]);
    assertEquals((await ask("DELETE", `plans/${plan.id}`)).status, 204);
    const gone = await ask("GET", `plans/${plan.id}`);
    assertEquals([gone.status, gone.body.code], [404, "not-found"]);
    assertEquals((await ask("DELETE", `plans/${plan.id}`)).status, 404);
  }));

Deno.test("serve plans by the flags that it was started with, and by those of the request", () =>
  withServed({ words: ["--type", "Poses", "--no-images"] }, async ({ sandbox, ask, planned }) => {
    const targets = [...sandbox.catalog.creators()].map(({ username }) => username);
    const usual = await planned((await ask("POST", "plans", { targets })).body.id);
    assertEquals(usual.nothing, "no version of 3 models matches --type Poses");
    const own = await planned((await ask("POST", "plans", { targets, choice: { types: [] } })).body.id);
    assertEquals([own.nothing, own.models.length], [null, 3]);
  }));

Deno.test("serve plans what is newer, also while another process holds the library", () =>
  withServed({ words: ["--no-images"] }, async ({ sandbox, root, ask, planned }) => {
    const nothing = await planned((await ask("POST", "updates")).body.id);
    assertEquals([nothing.state, nothing.nothing], ["ready", "the library is empty: say what to fetch first"]);
    using _held = await openLibrary(root, { command: "download" });
    const empty = await planned((await ask("POST", "updates")).body.id);
    assertEquals([empty.state, empty.kind], ["ready", "update"]);
    const [model] = [...sandbox.catalog.models()];
    const plan = await planned((await ask("POST", "plans", { targets: [`model:${model!.id}`] })).body.id);
    assertEquals([plan.state, plan.models.map(({ id }) => id)], ["ready", [model!.id]]);
  }));

Deno.test("serve refuses requests for plans that are not as described", () =>
  withServed({}, async ({ ask }) => {
    const bad: readonly (readonly [unknown, RegExp])[] = [
      [{}, /targets/],
      [{ targets: [] }, /targets/],
      [{ targets: ["  "] }, /there is no target/],
      [{ targets: [1] }, /targets/],
      [{ targets: ["1"], other: 1 }, /other/],
      [{ targets: ["1"], choice: { types: ["Unheard"] } }, /choice\.types/],
      [{ targets: ["1"], choice: { output: "/etc" } }, /output/],
      [{ targets: ["1"], choice: { previews: 21 } }, /choice\.previews/],
      [{ targets: ["1"], choice: { template: "{nothing}" } }, /choice\.template/],
    ];
    for (const [body, reason] of bad) {
      const answer = await ask("POST", "plans", body);
      assertEquals([answer.status, answer.body.code], [400, "usage"], answer.text);
      assertMatch(answer.body.detail, reason);
    }
    const long = await ask("POST", "plans", { targets: ["1"] }, { "idempotency-key": "k".repeat(201) });
    assertEquals(long.status, 400);
    const keyed = { "idempotency-key": "once" };
    const first = await ask("POST", "plans", { targets: ["a/b"] }, keyed);
    const second = await ask("POST", "plans", { targets: ["a/b"] }, keyed);
    assertEquals(first.body.id, second.body.id);
    assertEquals((await ask("POST", "updates", { all: true })).status, 400);
  }));

Deno.test("serve says why there is no plan: a key that was revoked, and a network that is gone", async () => {
  await withServed({ env: { CIVITAI_API_KEY: "revoked-key-0123456789" } }, async ({ ask, planned }) => {
    const { state, problem } = await planned((await ask("POST", "plans", { targets: ["1"] })).body.id);
    assertEquals([state, problem?.code], ["failed", "auth"]);
    assertMatch(problem!.detail, /wrong, expired or revoked/);
  });
  const words = ["--base-url", "http://127.0.0.1:9", "--max-retries", "0", "--patience", "1s"];
  await withServed({ words }, async ({ ask, planned }) => {
    const { state, problem } = await planned((await ask("POST", "plans", { targets: ["1"] })).body.id);
    assertEquals([state, problem?.code], ["failed", "network"]);
  });
});

Deno.test("serve stops plans that are being made when it is stopped", () =>
  withServed({ sandbox: { latencyMs: 30_000 } }, async ({ ask, said }) => {
    const { body } = await ask("POST", "plans", { targets: ["1 2 3"] });
    const { status } = await ask("POST", "updates");
    assertEquals([body.state, status], ["running", 202]);
    assert(!said().includes("warning"), said());
  }));
