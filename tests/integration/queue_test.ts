import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Entry, Failures, QueueDocument } from "../../lib/app/api/shapes/queue.ts";
import { acquireLock } from "../../lib/base/mod.ts";
import { libraryLockPath, openCatalog } from "../../lib/library/mod.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../lib/sandbox/mod.ts";
import { becomes } from "../helpers/becomes.ts";
import { PLAIN } from "../helpers/library/download_bench.ts";
import { type RunningApp, sandboxWords, startApp } from "../helpers/start_app.ts";
import { type RunningProgram, startProgram } from "../helpers/start_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

/** A sandbox whose files take a minute at {@linkcode SLOW}. */
const SIZED: SandboxOptions = {
  ...PLAIN,
  size: { creators: 1, modelsPerCreator: 4 },
  fileBytes: { min: 1_800_000, max: 2_000_000 },
};
/** Bytes per second at which no file ends during a test. */
const SLOW = 30_000;
const FAST = { bytesPerSecond: null };

function withPlace(story: (folder: string, sandbox: Sandbox) => Promise<void>): Promise<void> {
  return inTempDir(async (folder) => {
    await using sandbox = await startSandbox(SIZED);
    await story(folder, sandbox);
  });
}

function models(sandbox: Sandbox): readonly [string, string, string, string] {
  const [a, b, c, d] = [...sandbox.catalog.models()].map(({ id }) => `model:${id}`);
  return [a!, b!, c!, d!];
}

function limit(app: RunningApp, limits: object): Promise<QueueDocument> {
  return app.json("api/v1/queue/limits", { method: "PATCH", body: limits });
}

function isDone({ state }: Entry): boolean {
  return state === "done";
}

/** Whether bytes of a file have arrived. */
function isUnderWay({ state, progress }: Entry): boolean {
  return state === "running" && progress !== null && progress.phase === "fetching" && progress.bytesDone > 0;
}

function command(folder: string, sandbox: Sandbox, ...words: readonly string[]): RunningProgram {
  const all = ["download", ...words, "-o", "library", "--yes", ...sandboxWords(sandbox)];
  return startProgram(all, {
    folder,
    env: { CIVITAI_API_KEY: sandbox.token },
    origins: [sandbox.apiOrigin, sandbox.storageOrigin],
  });
}

/** Wait until a run holds the library, and fetches. */
async function untilFetching(folder: string): Promise<void> {
  const path = join(folder, "library", ".civitai-dl", "state", "active");
  const isFetching = async (): Promise<boolean> => {
    try {
      for await (const { name } of Deno.readDir(path)) {
        const record = JSON.parse(await Deno.readTextFile(join(path, name)));
        if (record.run?.activity === "fetching") return true;
      }
    } catch {
      // It is not there yet, or is being replaced.
    }
    return false;
  };
  assert(await becomes(isFetching, 30_000));
}

async function listFiles(folder: string, ending: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory && !entry.name.startsWith(".")) found.push(...await listFiles(path, ending));
    else if (entry.name.endsWith(ending)) found.push(path);
  }
  return found;
}

function states({ entries }: QueueDocument): readonly string[] {
  return entries.map(({ id, state }) => `${id} ${state}`);
}

Deno.test("the queue of serve fetches what is added, into a library that did not exist", () =>
  withPlace(async (folder, sandbox) => {
    await using app = await startApp({ folder, sandbox });
    const [first, second] = models(sandbox);
    const before = await app.queue();
    assertEquals([before.entries, before.isPaused, before.holder], [[], false, null]);
    const entry = await app.add([first, second]);
    assertEquals([entry.kind, entry.title, entry.state], ["download", `${first}, ${second}`, "waiting"]);
    const done = await app.until(entry.id, isDone);
    assertEquals([done.counts, done.reason], [{ done: 2, there: 0, failed: 0, refused: 0 }, null]);
    assert((await Deno.stat(join(folder, "library", ".civitai-dl", "catalog.db"))).isFile);
    assertEquals(await app.end(), 0);
    const runs = await Deno.readTextFile(join(folder, "library", ".civitai-dl", "state", "runs.jsonl"));
    assertMatch(runs, /"command":"download"/);
    assertMatch(await Deno.readTextFile(join(folder, "logs", "download.log")), /run-end/);
  }));

Deno.test("an entry can be paused, resumed, cancelled, put first and tried again", () =>
  withPlace(async (folder, sandbox) => {
    await using app = await startApp({ folder, sandbox });
    const [first, second, third] = models(sandbox);
    await limit(app, { bytesPerSecond: SLOW });
    const a = await app.add([first]);
    await app.until(a.id, isUnderWay);
    const b = await app.add([second]);
    const c = await app.add([third]);
    assertEquals((await app.act(c.id, "first")).state, "waiting");
    assertEquals(states(await app.queue()), [`${a.id} running`, `${c.id} waiting`, `${b.id} waiting`]);
    assertEquals((await app.act(a.id, "pause")).state, "paused");
    await app.until(c.id, isUnderWay);
    assert((await listFiles(join(folder, "library"), ".part")).length >= 2);
    // What a cancelled entry planned is withdrawn: no later run fetches it.
    await app.act(c.id, "cancel");
    await app.until(b.id, isUnderWay);
    {
      using catalog = openCatalog(join(folder, "library", ".civitai-dl", "catalog.db"), { readOnly: true });
      const { modelId } = { modelId: Number(third.slice("model:".length)) };
      assertEquals(catalog.totals({ modelId }).count, 0);
    }
    await limit(app, FAST);
    await app.until(b.id, isDone);
    await app.act(a.id, "resume");
    const done = await app.until(a.id, isDone);
    assertEquals(done.counts, { done: 1, there: 0, failed: 0, refused: 0 });
    // The part was kept: the file was not sent again from its beginning.
    const resumed = JSON.parse(
      (await Deno.readTextFile(join(folder, "logs", "download.log"))).split("\n").findLast((line) =>
        line.includes('"type":"summary"') && line.includes("resumedBytes")
      )!,
    );
    assert(resumed.resumedBytes > 0, JSON.stringify(resumed));
    assertEquals((await app.act(c.id, "retry")).state, "waiting");
    await app.until(c.id, isDone);
    for (const action of ["pause", "resume", "cancel", "first", "retry"]) {
      const refused = await app.ask(`api/v1/queue/${a.id}/${action}`, { body: {} });
      assertEquals([refused.status, (await refused.json()).code], [409, "unsafe"]);
    }
  }));

Deno.test("the whole queue can be paused, and stays so over a restart", () =>
  withPlace(async (folder, sandbox) => {
    const [first] = models(sandbox);
    let id: number;
    {
      await using app = await startApp({ folder, sandbox });
      await limit(app, { bytesPerSecond: SLOW, connections: 1 });
      ({ id } = await app.add([first]));
      await app.until(id, isUnderWay);
      const paused = await app.json<QueueDocument>("api/v1/queue/pause", { body: {} });
      assertEquals(paused.isPaused, true);
      await app.until(id, ({ state }) => state === "waiting");
      assertEquals(await app.end(), 0);
    }
    await using app = await startApp({ folder, sandbox });
    const queue = await app.queue();
    assertEquals([queue.isPaused, queue.limits], [true, { bytesPerSecond: SLOW, connections: 1 }]);
    assertEquals(states(queue), [`${id} waiting`]);
    await limit(app, FAST);
    assertEquals((await app.json<QueueDocument>("api/v1/queue/resume", { body: {} })).isPaused, false);
    await app.until(id, isDone);
  }));

Deno.test("limits change the speed of a transfer under way", () =>
  withPlace(async (folder, sandbox) => {
    await using app = await startApp({ folder, sandbox });
    const [first] = models(sandbox);
    // A kilobyte a second: the file would take half an hour.
    await limit(app, { bytesPerSecond: 1024 });
    const { id } = await app.add([first]);
    const running = await app.until(id, isUnderWay);
    assert(running.progress!.bytesDone < running.progress!.bytes / 2);
    const requests = sandbox.log.downloadHits;
    await limit(app, FAST);
    assertEquals((await app.until(id, isDone)).counts?.done, 1);
    // It is the same transfer: no other link was requested.
    assertEquals(sandbox.log.downloadHits, requests);
  }));

Deno.test("the entry of a server that was killed goes on when it starts again", () =>
  withPlace(async (folder, sandbox) => {
    const [first] = models(sandbox);
    let id: number;
    {
      await using app = await startApp({ folder, sandbox });
      await limit(app, { bytesPerSecond: SLOW });
      ({ id } = await app.add([first]));
      await app.until(id, isUnderWay);
      await app.end("SIGKILL");
    }
    {
      using catalog = openCatalog(join(folder, "library", ".civitai-dl", "catalog.db"));
      assertEquals(catalog.queue.entry(id)?.state, "running");
      assertEquals(catalog.queue.list({ holderPid: null }).map(({ state }) => state), ["waiting"]);
      catalog.queue.limits = { bytesPerSecond: null, connections: null };
    }
    await using app = await startApp({ folder, sandbox });
    assertEquals((await app.until(id, isDone)).counts?.done, 1);
  }));

Deno.test("of two servers of one library, one runs the queue, and both change it", () =>
  withPlace(async (folder, sandbox) => {
    await using one = await startApp({ folder, sandbox });
    const [first, second] = models(sandbox);
    await limit(one, { bytesPerSecond: SLOW });
    const a = await one.add([first]);
    await one.until(a.id, isUnderWay);
    await using other = await startApp({ folder, sandbox });
    const b = await other.add([second]);
    const seen = await other.queue();
    assertEquals([seen.holder?.command, seen.holder?.pid], ["serve", one.pid]);
    assertEquals(states(seen), [`${a.id} running`, `${b.id} waiting`]);
    assertEquals(seen.entries[0]!.progress, null);
    // A server stops what the other one runs.
    await other.act(a.id, "pause");
    await one.until(b.id, isUnderWay);
    assertEquals(await one.end(), 0);
    // The other one takes over.
    await limit(other, FAST);
    await other.until(b.id, isDone);
    await other.act(a.id, "resume");
    await other.until(a.id, isDone);
  }));

Deno.test("download --queue adds to the queue of a run that holds the library, which then fetches it", () =>
  withPlace(async (folder, sandbox) => {
    const [first, second, third] = models(sandbox);
    const run = command(folder, sandbox, first, "--limit-rate", "400K");
    await untilFetching(folder);
    // It holds the library however long the others take to start.
    run.kill("SIGSTOP");
    const refused = await command(folder, sandbox, second).ended;
    assertEquals(refused.code, 4);
    const added = await command(folder, sandbox, second, "--queue").ended;
    assertEquals(added.code, 0, added.stderr);
    assertMatch(
      added.stdout,
      new RegExp(`^Queued as entry 1: download, ${second}\n"download" \\(process \\d+\\) fetches it\n$`),
    );
    const json = await command(folder, sandbox, third, "--queue", "--json").ended;
    assertEquals(JSON.parse(json.stdout).queued, [{ id: 2, kind: "download", title: third }]);
    run.kill("SIGCONT");
    const { code, stderr } = await run.ended;
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "Going on with the queue: 2 entries");
    using catalog = openCatalog(join(folder, "library", ".civitai-dl", "catalog.db"), { readOnly: true });
    assertEquals(catalog.queue.list({ holderPid: null }).map(({ state }) => state), ["done", "done"]);
    assertEquals(catalog.totals({ states: ["done"], kinds: ["file"] }).count, 3);
  }));

Deno.test("download --queue fetches at once if nobody holds the library, and names a server that does", () =>
  withPlace(async (folder, sandbox) => {
    const [first, second] = models(sandbox);
    const alone = await command(folder, sandbox, first, "--queue").ended;
    assertEquals(alone.code, 0, alone.stderr);
    assertStringIncludes(alone.stdout, "Fetched:");
    await using app = await startApp({ folder, sandbox });
    await limit(app, { bytesPerSecond: SLOW });
    const { id } = await app.add(["user:" + [...sandbox.catalog.creators()][0]!.username]);
    await app.until(id, isUnderWay);
    const added = await command(folder, sandbox, second, "--queue").ended;
    assertStringIncludes(added.stdout, `"serve" (process ${app.pid}) fetches it`);
    await limit(app, FAST);
    await app.until(id + 1, isDone);
  }));

Deno.test("download --queue says if nobody fetches it for now, and the next download does", () =>
  withPlace(async (folder, sandbox) => {
    const [first, second] = models(sandbox);
    assertEquals((await command(folder, sandbox, first).ended).code, 0);
    {
      using _lock = await acquireLock(libraryLockPath(join(folder, "library")), { command: "verify" });
      const added = await command(folder, sandbox, second, "--queue").ended;
      assertEquals(added.code, 0, added.stderr);
      assertStringIncludes(
        added.stdout,
        "Nothing works off the queue now: the next download, update or serve fetches it",
      );
    }
    assertEquals((await command(folder, sandbox, first).ended).code, 0);
    using catalog = openCatalog(join(folder, "library", ".civitai-dl", "catalog.db"), { readOnly: true });
    assertEquals(catalog.queue.entry(1)?.state, "done");
  }));

Deno.test("download --queue fetches itself what a run that is about to end does not see any more", () =>
  withPlace(async (folder, sandbox) => {
    const [first, second] = models(sandbox);
    assertEquals((await command(folder, sandbox, first).ended).code, 0);
    const path = join(folder, "library", ".civitai-dl", "catalog.db");
    const lock = await acquireLock(libraryLockPath(join(folder, "library")), { command: "download" });
    const added = command(folder, sandbox, second, "--queue");
    const isAdded = (): boolean => {
      using catalog = openCatalog(path, { readOnly: true });
      return catalog.queue.revision > 0;
    };
    assert(await becomes(isAdded, 30_000));
    lock[Symbol.dispose]();
    const { code, stdout, stderr } = await added.ended;
    assertEquals([code, stdout], [0, `Queued as entry 1: download, ${second}\n`], stderr);
    using catalog = openCatalog(path, { readOnly: true });
    assertEquals(catalog.queue.entry(1)?.state, "done");
  }));

Deno.test("a stopped download leaves the queue to the next one, and says so", () =>
  withPlace(async (folder, sandbox) => {
    const [first, second] = models(sandbox);
    const run = command(folder, sandbox, first, "--limit-rate", "30K");
    await untilFetching(folder);
    assertEquals((await command(folder, sandbox, second, "--queue").ended).code, 0);
    run.kill("SIGINT");
    const { code, stderr } = await run.ended;
    assertEquals(code, 130);
    assertStringIncludes(stderr, "1 entry of the queue is left: the next download, update or serve fetches them");
    const next = await command(folder, sandbox, first).ended;
    assertEquals(next.code, 0, next.stderr);
    using catalog = openCatalog(join(folder, "library", ".civitai-dl", "catalog.db"), { readOnly: true });
    assertEquals(catalog.queue.entry(1)?.state, "done");
  }));

Deno.test("the queue updates, verifies and repairs the models that an entry names", () =>
  withPlace(async (folder, sandbox) => {
    const [first, second] = models(sandbox);
    await using app = await startApp({ folder, sandbox });
    await app.until((await app.add([first, second])).id, isDone);
    const [broken, other] = await listFiles(join(folder, "library"), ".safetensors");
    assert(broken !== undefined && other !== undefined);
    const idOf = (path: string): number => {
      using catalog = openCatalog(join(folder, "library", ".civitai-dl", "catalog.db"), { readOnly: true });
      return catalog.itemByPath(path.slice(join(folder, "library").length + 1))!.modelId!;
    };
    for (const path of [broken, other]) {
      using file = await Deno.open(path, { write: true });
      await file.seek(1000, Deno.SeekMode.Start);
      await file.write(new TextEncoder().encode("damaged"));
    }
    const targets = [`model:${idOf(broken)}`];
    const { name } = [...sandbox.catalog.models()].find(({ id }) => id === idOf(broken))!;
    const checked = await app.add(targets, { kind: "verify" });
    assertEquals(checked.title, name);
    const failed = await app.until(checked.id, ({ state }) => state === "failed");
    assertEquals(failed.counts, { done: 0, there: 0, failed: 1, refused: 0 });
    const { failures } = await app.json<Failures>(`api/v1/queue/${checked.id}/failures`);
    assertEquals(failures.map(({ kind, model }) => [kind, model]), [["failed", { id: idOf(broken), name }]]);
    const repaired = await app.until(
      (await app.add(targets, { kind: "repair" })).id,
      ({ endedAt }) => endedAt !== null,
    );
    assertEquals([repaired.state, repaired.counts], ["done", { done: 1, there: 0, failed: 0, refused: 0 }]);
    const updated = await app.until((await app.add([], { kind: "update" })).id, ({ endedAt }) => endedAt !== null);
    assertEquals(updated.state, "done", JSON.stringify(updated));
  }));

Deno.test("a failed entry says what failed, and can be tried again", () =>
  withPlace(async (folder, sandbox) => {
    await using app = await startApp({ folder, sandbox });
    const { id } = await app.add(["model:999999999"]);
    const failed = await app.until(id, ({ state }) => state === "failed");
    assertMatch(failed.reason!, /model:999999999/);
    const { failures } = await app.json<{ failures: { path: string }[] }>(`api/v1/queue/${id}/failures`);
    assertEquals(failures.map(({ path }) => path), ["model:999999999"]);
    await app.act(id, "retry");
    assertEquals((await app.until(id, ({ state }) => state === "failed")).counts?.done, 0);
  }));

Deno.test("an entry counts what it fetched apart from what was there", () =>
  withPlace(async (folder, sandbox) => {
    await using app = await startApp({ folder, sandbox });
    const [first, second, third] = models(sandbox);
    await app.until((await app.add([first])).id, isDone);
    const { id } = await app.add([first, second, third]);
    assertEquals((await app.until(id, isDone)).counts, { done: 2, there: 1, failed: 0, refused: 0 });
  }));

Deno.test("what is not available is named with its model and the reason", () =>
  inTempDir(async (folder) => {
    await using sandbox = await startSandbox({ ...PLAIN, size: "tiny", outcomes: { earlyAccess: 0.1 } });
    await using app = await startApp({ folder, sandbox });
    const { id } = await app.add([...sandbox.catalog.creators()].map(({ username }) => `user:${username}`));
    const { counts } = await app.until(id, ({ endedAt }) => endedAt !== null);
    const { failures } = await app.json<Failures>(`api/v1/queue/${id}/failures`);
    const names = new Map([...sandbox.catalog.models()].map((model) => [model.id, model.name]));
    assert(counts !== null && counts.refused > 0, JSON.stringify(counts));
    assertEquals([failures.length, counts.failed], [counts.refused, 0]);
    for (const { kind, outcome, message, model } of failures) {
      assertEquals([kind, outcome, model?.name], ["refused", "early-access", names.get(model!.id)]);
      assertMatch(message, /early access/i);
    }
  }));

Deno.test("a key that is refused fails no entry: the queue waits until somebody mends it", () =>
  withPlace(async (folder, sandbox) => {
    const [first, second] = models(sandbox);
    {
      await using app = await startApp({ folder, sandbox, key: "0123456789abcdef0123456789abcdef" });
      const { id } = await app.add([first]);
      await app.add([second]);
      const waiting = await app.until(id, ({ state, reason }) => state === "waiting" && reason !== null);
      assertMatch(waiting.reason!, /key/);
      assertEquals(states(await app.queue()), ["1 waiting", "2 waiting"]);
      await app.end();
      assertStringIncludes(app.said, "The queue waits: ");
    }
    await using app = await startApp({ folder, sandbox });
    await app.until(2, isDone);
    assertEquals((await app.queue()).entries.map(({ state, reason }) => [state, reason]), [["done", null], [
      "done",
      null,
    ]]);
  }));

Deno.test("a service that is gone fails no entry", () =>
  inTempDir(async (folder) => {
    const sandbox = await startSandbox(PLAIN);
    await using app = await startApp({ folder, sandbox, words: ["--patience", "1s", "--max-retries", "0"] });
    await sandbox[Symbol.asyncDispose]();
    const { id } = await app.add(["model:1"]);
    const waiting = await app.until(id, ({ state, reason }) => state === "waiting" && reason !== null);
    assert(waiting.reason !== "" && waiting.hint !== "", JSON.stringify(waiting));
  }));

Deno.test("what an entry leaves out by id is not fetched, and an update leaves it out too", () =>
  withPlace(async (folder, sandbox) => {
    await using app = await startApp({ folder, sandbox });
    const [{ username } = { username: "" }] = [...sandbox.catalog.creators()];
    const [first, second] = models(sandbox).map((word) => Number(word.slice("model:".length)));
    const { id } = await app.add([`user:${username}`], { except: { models: [first] }, choice: { versions: "latest" } });
    assertEquals((await app.until(id, isDone)).counts?.done, 3);
    using catalog = openCatalog(join(folder, "library", ".civitai-dl", "catalog.db"), { readOnly: true });
    assertEquals(catalog.totals({ modelId: first }).count, 0);
    assertEquals(catalog.totals({ modelId: second, kinds: ["file"] }).count, 1);
  }));

Deno.test("requests that make no sense are refused, and the same key adds one entry", () =>
  withPlace(async (folder, sandbox) => {
    await using app = await startApp({ folder, sandbox });
    await app.json("api/v1/queue/pause", { body: {} });
    const headers = { "idempotency-key": "once" };
    const body = { targets: ["model:1"], title: "one" };
    const twice = [await app.ask("api/v1/queue", { body, headers }), await app.ask("api/v1/queue", { body, headers })];
    assertEquals(twice.map(({ status }) => status), [201, 201]);
    const first = await twice[0]!.json();
    assertEquals(await twice[1]!.json(), first);
    const bad: readonly (readonly [object, Readonly<Record<string, string>>])[] = [
      [{ targets: [] }, {}],
      [{ targets: ["https://example.com/x"] }, {}],
      [{ targets: ["https://civitai.com/api/download/models/1?token=0123456789abcdef0123456789abcdef"] }, {}],
      [{ targets: ["model:1"], kind: "delete" }, {}],
      [{ targets: ["user:a"], kind: "verify" }, {}],
      [{ targets: ["model:1"], color: "red" }, {}],
      [{ targets: ["model:1"], except: { files: ["../x"] } }, {}],
      [{ targets: ["model:1"], choice: { versions: "some" } }, {}],
      [{ targets: ["model:1"] }, { "idempotency-key": "x".repeat(201) }],
    ];
    for (const [wrong, more] of bad) {
      const answer = await app.ask("api/v1/queue", { body: wrong, headers: more });
      const { status, headers } = answer;
      assertEquals([status, headers.get("content-type")], [400, "application/problem+json"], JSON.stringify(wrong));
      assert(!(await answer.text()).includes("0123456789abcdef"));
    }
    for (const path of ["api/v1/queue/99/pause", "api/v1/queue/x/pause"]) {
      assertEquals((await app.ask(path, { body: {} })).status, 404);
    }
    assertEquals((await app.ask("api/v1/queue/99/failures")).status, 404);
    for (const limits of [{ bytesPerSecond: 1 }, { connections: 9 }, { speed: 1 }]) {
      assertEquals((await app.ask("api/v1/queue/limits", { method: "PATCH", body: limits })).status, 400);
    }
    assertEquals((await app.queue()).entries.length, 1);
  }));

Deno.test("a library that is moved away takes the queue with it, and nothing is made in its place", () =>
  withPlace(async (folder, sandbox) => {
    const [first, second] = models(sandbox);
    await using app = await startApp({ folder, sandbox });
    await app.until((await app.add([first])).id, isDone);
    await Deno.rename(join(folder, "library"), join(folder, "elsewhere"));
    const refused = await app.ask("api/v1/queue");
    assertEquals([refused.status, (await refused.json()).code], [409, "unsafe"]);
    assertEquals((await app.ask("api/v1/queue", { body: { targets: [second] } })).status, 409);
    assert(!await Deno.stat(join(folder, "library")).then(() => true, () => false));
    await Deno.rename(join(folder, "elsewhere"), join(folder, "library"));
    assertEquals(states(await app.queue()), ["1 done"]);
    await app.until((await app.add([second])).id, isDone);
  }));

Deno.test("a catalog of another version is refused and stays as it is", () =>
  withPlace(async (folder, sandbox) => {
    const [first] = models(sandbox);
    const path = join(folder, "library", ".civitai-dl", "catalog.db");
    {
      await using app = await startApp({ folder, sandbox });
      await app.until((await app.add([first])).id, isDone);
      await app.end();
    }
    {
      using raw = new DatabaseSync(path);
      raw.exec("PRAGMA user_version = 99");
    }
    await using app = await startApp({ folder, sandbox });
    const refused = await app.ask("api/v1/queue");
    assertEquals(refused.status, 409);
    assertStringIncludes((await refused.json()).detail, "it has version 99");
    assertEquals((await app.ask("api/v1/queue", { body: { targets: [first] } })).status, 409);
    using raw = new DatabaseSync(path, { readOnly: true });
    assertEquals(raw.prepare("PRAGMA user_version").get(), { user_version: 99 });
  }));

Deno.test("a server that only reads shows the queue, and refuses changes", () =>
  withPlace(async (folder, sandbox) => {
    const [first] = models(sandbox);
    {
      await using app = await startApp({ folder, sandbox });
      await app.json("api/v1/queue/pause", { body: {} });
      await app.add([first]);
      await app.end();
    }
    await using app = await startApp({ folder, sandbox, words: ["--read-only"] });
    assertEquals(states(await app.queue()), ["1 waiting"]);
    assertEquals((await app.ask("api/v1/queue/1/cancel", { body: {} })).status, 403);
  }));

Deno.test("a queue of ten thousand entries is read and changed in an instant", () =>
  withPlace(async (folder, sandbox) => {
    const [first] = models(sandbox);
    {
      await using app = await startApp({ folder, sandbox });
      await app.json("api/v1/queue/pause", { body: {} });
      await app.end();
    }
    {
      using catalog = openCatalog(join(folder, "library", ".civitai-dl", "catalog.db"));
      catalog.transaction(() => {
        for (let index = 0; index < 10_000; index++) {
          const title = `entry ${index}`;
          catalog.queue.add({ kind: "download", title, targets: [first], choice: null, except: null, key: null });
        }
      });
    }
    await using app = await startApp({ folder, sandbox });
    const started = performance.now();
    const front = await app.queue();
    assertEquals([front.waiting, front.from, front.entries.length], [10_000, 0, 200]);
    const back = await app.json<QueueDocument>("api/v1/queue?from=9900");
    assertEquals([back.waiting, back.from, back.entries.length, back.entries[0]!.id], [10_000, 9900, 100, 9901]);
    await app.act(10_000, "first");
    assertEquals((await app.queue()).entries[0]!.id, 10_000);
    // It takes some hundred milliseconds.
    assert(performance.now() - started < 5000);
    const events = await followEvents(app);
    await app.json("api/v1/queue/resume", { body: {} });
    await app.until(10_000, isDone);
    await app.json("api/v1/queue/pause", { body: {} });
    const sent = await events.end();
    assert(sent.some(({ name }) => name === "queue"));
    assert(sent.some(({ name, data }) => name === "progress" && data.length < 10_000));
    // All entries would be 3 MB.
    for (const { name, data } of sent) assert(data.length < 250_000, `${name}: ${data.length}`);
  }));

/** Follow the events of a server until they are no longer wanted. */
async function followEvents({ url }: Pick<RunningApp, "url">) {
  const stop = new AbortController();
  const response = await fetch(new URL("api/v1/events", url), { signal: stop.signal });
  let text = "";
  const reading = (async () => {
    for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) text += piece;
  })().catch(() => {});
  return {
    end: async (): Promise<readonly { readonly name: string; readonly data: string }[]> => {
      stop.abort();
      await reading;
      return [...text.matchAll(/event: (\w+)\ndata: (.*)\n/g)].map(([, name = "", data = ""]) => ({ name, data }));
    },
  };
}
