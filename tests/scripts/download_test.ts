import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { walk } from "@std/fs";
import { join } from "node:path";
import { openLibrary } from "../../lib/downloader/mod.ts";
import { parseTimeoutLine } from "../../lib/failsafe/mod.ts";
import { Interruption, MemoryIo } from "../../lib/cli/mod.ts";
import { childCommand } from "../../scripts/_frame/child.ts";
import { openFront } from "../helpers/servers/api_front.ts";
import { PLAIN, withBench } from "../helpers/library/download_bench.ts";
import { runProgram } from "../helpers/run_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { type Sandbox, startSandbox } from "../../lib/sandbox/mod.ts";
import { call } from "../helpers/call.ts";
import { atPlace } from "./_place.ts";

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name).sort();
}

Deno.test("download fetches, prints a summary, logs, and has nothing to do in a second run", () =>
  atPlace({}, async ({ folder, sandbox, everything, run }) => {
    const first = await run(everything);
    assertEquals(first.code, 0, first.stderr);
    assertMatch(first.stdout, /^ {2}done +3$/m);
    assertStringIncludes(first.stderr, "Plan: 3 model files and 0 images to fetch");
    assertStringIncludes(await Deno.readTextFile(join(folder, "logs", "download.log")), '"outcome":"done"');
    const { downloadHits } = sandbox.log;
    const second = await run(everything);
    assertEquals([second.code, sandbox.log.downloadHits], [0, downloadHits]);
    assertMatch(second.stdout, /^ {2}already there +3$/m);
  }));

Deno.test("download --dry-run says which files may be on disk: renamed ones, and those that no catalog knows", () =>
  atPlace({}, async ({ folder, sandbox, everything, run }) => {
    assertEquals((await run(everything)).code, 0);
    const library = join(folder, "library");
    const files = await Array.fromAsync(walk(library, { includeDirs: false }));
    const { path } = files.find(({ name }) => name.endsWith(".safetensors"))!;
    await Deno.rename(path, join(library, "my own name.safetensors"));
    const renamed = await run([...everything, "--dry-run"]);
    assertMatch(renamed.stdout, /^Plan: 1 model file /m);
    assertMatch(renamed.stdout, /^ {2}perhaps there: 1 file of those to fetch.* renamed files$/m);
    await Deno.rename(join(library, "my own name.safetensors"), path);
    await Deno.remove(join(library, ".civitai-dl"), { recursive: true });
    const unknown = await run([...everything, "--dry-run"]);
    assertMatch(unknown.stdout, /^ {2}perhaps there: 3 files of those to fetch/m);
    const { downloadHits } = sandbox.log;
    assertEquals([(await run(everything)).code, sandbox.log.downloadHits], [0, downloadHits]);
    assertEquals((await run([...everything, "--dry-run"])).stdout.includes("perhaps there"), false);
  }));

Deno.test("download writes timeouts.log: each timeout, sums of the rest, and hosts instead of URLs", () =>
  atPlace(
    { toxics: [{ type: "latency", ms: 1500, on: ["storage"], first: 1 }] },
    async ({ folder, everything, run }) => {
      const dry = await run([...everything, "--dry-run"]);
      assertEquals(dry.code, 0, dry.stderr);
      await assertRejects(() => Deno.stat(join(folder, "logs")), Deno.errors.NotFound);
      // The first request for each file is slower than this run waits; the next run gets all of them.
      assertEquals((await run([...everything, "--patience", "1s"])).code, 6);
      const { code, stderr } = await run(everything);
      assertEquals(code, 0, stderr);
      const text = await Deno.readTextFile(join(folder, "logs", "timeouts.log"));
      const lines = text.trimEnd().split("\n").map((line) => parseTimeoutLine(line));
      const words = lines.map((line) => `${line?.operation} ${line?.step} ${line?.outcome}`);
      for (
        const word of ["transfer headers timeout", "transfer headers ok", "transfer body ok", "resolve headers ok"]
      ) {
        assert(words.includes(word), `${word} of ${text}`);
      }
      assert(!/X-Amz|Signature|https?:/i.test(text), text);
    },
  ));

for (const verb of [["download", "1"], ["download", "1", "--dry-run"], ["repair"]]) {
  Deno.test(`${verb.join(" ")} refuses an API URL without a scheme, with a hint`, () =>
    atPlace({}, async ({ folder, run, everything }) => {
      await run(everything);
      const argv = [...verb, "--base-url", "civitai.com", "-o", "library"];
      const env = { XDG_CONFIG_HOME: folder, CIVITAI_API_KEY: "key" };
      const { code, stderr } = await runProgram(argv, { folder, env, origins: ["http://127.0.0.1"] });
      assertEquals(code, 2);
      assertMatch(stderr, /Cannot use "civitai\.com" as the base URL.*\n.*Use the form https:\/\/civitai\.com/);
    }));
}

Deno.test("download revalidates stored responses with the API", () =>
  atPlace({}, async ({ sandbox, everything, run }) => {
    assertEquals((await run(everything)).code, 0);
    sandbox.log.clear();
    const { code, stdout } = await run(everything);
    const statuses = sandbox.log.requests.filter(({ host }) => host === "api").map(({ status }) => status);
    assertEquals([code, statuses], [0, [304, 304, 304]]);
    assertMatch(stdout, /^ {2}already there +3$/m);
  }));

Deno.test("download --dry-run --json prints one document and creates no library", () =>
  atPlace({}, async ({ folder, sandbox, everything, run }) => {
    const { code, stdout } = await run([...everything, "--dry-run", "--json"]);
    const { schema, version, plan, run: ran } = JSON.parse(stdout);
    assertEquals([code, schema, version], [0, "civitai-dl/download", 1]);
    assertEquals([plan.wanted.files, ran], [3, null]);
    assertEquals([await namesIn(folder), sandbox.log.downloadHits], [[], 0]);
  }));

Deno.test("download --events prints JSON lines and no summary", () =>
  atPlace({}, async ({ everything, run }) => {
    const { code, stdout } = await run([...everything, "--events"]);
    const events = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
    assertEquals(code, 0);
    assert(events.every((event) => event.schema === "civitai-dl/event" && event.version === 1));
    assertEquals(events.filter((event) => event.type === "end").length, 3);
  }));

Deno.test("download --events continues if its reader is gone", () =>
  atPlace({}, async ({ folder, sandbox, everything }) => {
    const words = ["download", ...everything, "-o", "library", "--reserve", "0", "--no-images", "--events"];
    const child = childCommand([...words, "--base-url", sandbox.apiOrigin], {
      folder,
      origins: [sandbox.apiOrigin, sandbox.storageOrigin],
      env: { XDG_CONFIG_HOME: folder, CIVITAI_API_KEY: sandbox.token },
    }).spawn();
    await child.stdout.cancel();
    const said = await new Response(child.stderr).text();
    assertEquals((await child.status).code, 0, said);
    using library = await openLibrary(join(folder, "library"), { command: "test", readOnly: true });
    assertEquals(library.catalog.totals({ states: ["done"] }).count, [...sandbox.facts()].length);
  }));

Deno.test("download lists by filters alone only up to --limit", async () => {
  const refused = await call(["download", "--type", "LORA", "-o", "nowhere"]);
  assertEquals(refused.code, 2);
  assertStringIncludes(refused.err, "--type alone: it would list all of Civitai");
  await atPlace({}, async ({ run, folder }) => {
    const { code, stderr } = await run(["--sort", "Most Downloaded", "--limit", "2"]);
    assertEquals(code, 0, stderr);
    using library = await openLibrary(join(folder, "library"), { command: "test", readOnly: true });
    assertEquals(library.catalog.totals({ states: ["done"] }).count, 2);
  });
});

Deno.test("download explains which filters leave nothing", () =>
  atPlace({}, async ({ everything, run }) => {
    const none = await run([...everything, "--base-model", "no-such-base"]);
    assertEquals(none.code, 0, none.stderr);
    assertStringIncludes(none.stderr, "Plan: 0 model files and 0 images to fetch");
    assertStringIncludes(none.stderr, "nothing to fetch: no version of 3 models matches --base-model no-such-base");
    const preview = await run([...everything, "--fp", "fp99", "--dry-run"]);
    assertStringIncludes(preview.stdout, "nothing to fetch: no file of 3 versions matches --fp fp99");
  }));

Deno.test("download connects to this machine without the configured proxy", () =>
  atPlace({}, async ({ everything, run }) => {
    const proxy = { HTTP_PROXY: "http://127.0.0.1:1", "http_proxy": "http://127.0.0.1:1" };
    for (const more of [{ NO_PROXY: "" }, { NO_PROXY: "example.com" }]) {
      const { code, stderr } = await run(everything, { ...proxy, ...more });
      assertEquals(code, 0, stderr);
    }
  }));

Deno.test("download accepts URLs of the host of --base-url", () =>
  atPlace({}, async ({ folder, sandbox, run }) => {
    const [one, two, three] = [...sandbox.catalog.models()].map((model) => `${sandbox.apiOrigin}/models/${model.id}/x`);
    await Deno.writeTextFile(join(folder, "list.txt"), `${three}\nhttp://127.0.0.1:1/models/1\n`);
    const { code, stdout, stderr } = await run([one!, "--model", two!, "--from", "list.txt"]);
    assertEquals(code, 1);
    assertMatch(stdout, /^ {2}done +3$/m);
    assertStringIncludes(stderr, 'list.txt:2: Cannot use "http://127.0.0.1:1/models/1"');
  }));

Deno.test("download applies --sort, --period and --limit to a creator", () =>
  atPlace({}, async ({ sandbox, run }) => {
    const { username } = sandbox.catalog.creators().next().value!;
    const { code, stdout, stderr } = await run(["--user", username, "--sort", "Oldest", "--limit", "1"]);
    assertEquals(code, 0, stderr);
    assertMatch(stdout, /^ {2}done +1$/m);
    assertStringIncludes(stdout, "the API reports 3 models, the listing has 1; --limit leaves out 2");
    assertEquals((await run(["--user", username, "--period", "Day"])).code, 0);
    assert(sandbox.log.requests.some(({ target }) => target.includes("period=Day")));
  }));

Deno.test("download names the bad line of a users file, fetches the others and exits with 1", () =>
  atPlace({}, async ({ folder, sandbox, run }) => {
    const { username } = sandbox.catalog.creators().next().value!;
    await Deno.writeTextFile(join(folder, "users.txt"), `\uFEFF# mine\r\n!! what ??\r\n${username}\r\n`);
    const { code, stdout, stderr } = await run(["--users", "users.txt"]);
    assertEquals(code, 1);
    assertStringIncludes(stderr, "users.txt:2");
    assertMatch(stdout, /^ {2}done +3$/m);
  }));

Deno.test("download does not treat an empty list as a request to resume", () =>
  atPlace({}, async ({ folder, run }) => {
    for (const text of ["", "# nobody\n", "!! what ??\n"]) {
      await Deno.writeTextFile(join(folder, "users.txt"), text);
      const { code, stderr } = await run(["--users", "users.txt"]);
      assertEquals(code, 2);
      assertStringIncludes(stderr, "no target could be read from --users");
    }
    assertEquals(await namesIn(folder), ["users.txt"]);
  }));

Deno.test("download continues after an unknown creator, reports it and exits with 1", () =>
  atPlace({}, async ({ everything, run }) => {
    const { code, stdout, stderr } = await run(["--user", "nobody_here", ...everything, "--quiet"]);
    assertEquals(code, 1, stderr);
    assertMatch(stderr, /^error: 1 target was not planned: user:nobody_here: .*\nhint: .*\n$/);
    assertMatch(stdout, /^ {2}done +3$/m);
    assertStringIncludes(stdout, 'Not planned: user:nobody_here: Cannot list models of user "nobody_here"');
    assertStringIncludes(stdout, "gone: check the spelling on the site");
  }));

Deno.test("download says how to name a creator whose name is a number", () =>
  atPlace({}, async ({ run }) => {
    const { code, stdout } = await run(["4712"]);
    assertEquals(code, 1);
    assertStringIncludes(stdout, "4712 is the id of a model here; the creator of that name is user:4712\n");
    assertEquals((await run(["4712", "4713"])).stdout.includes("user:"), false);
  }));

Deno.test("download exits with 1 if a named model is refused, and with 0 for a listing that contains it", () =>
  atPlace({ outcomes: { removed: 0.34 } }, async ({ everything, run }) => {
    const named = await run(everything);
    assertEquals(named.code, 1, named.stderr);
    assertMatch(named.stdout, /^Not available: model:\d+: Cannot download file .*404/m);
    assertEquals((await run(["--sort", "Newest", "--limit", "9"])).code, 0);
  }));

Deno.test("download shows a declined plan once, and a later run does not fetch it", () =>
  withBench({}, async (bench) => {
    const { root } = bench.library;
    bench.library[Symbol.dispose]();
    const common = ["-o", root, "--no-images", "--reserve", "0", "--base-url", bench.sandbox.apiOrigin];
    const words = ["download", "--model", String(bench.sandbox.catalog.modelAt(0).id), ...common];
    const io = new MemoryIo({ terminal: true, answers: ["n"] });
    const declined = await call(words, { io });
    assertEquals([declined.code, declined.out], [0, "Nothing was fetched, and the plan was discarded\n"]);
    assertEquals(declined.err.split("Plan: 1 model file and 0 images").length, 2);
    const later = await call(common);
    assertEquals([later.code, bench.sandbox.log.downloadHits], [0, 0]);
    assertStringIncludes(later.err, "the library is empty");
  }));

Deno.test("download reports which part of a declined plan an earlier run left", () =>
  withBench({}, async (bench) => {
    const stop = new AbortController();
    await bench.download({
      signal: stop.signal,
      onEvent: (event) => event.type === "end" && stop.abort(new Interruption("SIGINT")),
    });
    const { root } = bench.library;
    bench.library[Symbol.dispose]();
    const io = new MemoryIo({ terminal: true, answers: ["n"] });
    const words = ["download", "-o", root, "--no-images", "--reserve", "0", "--base-url", bench.sandbox.apiOrigin];
    const { code, out } = await call(words, { io });
    assertEquals(code, 0);
    assertStringIncludes(
      out,
      "Nothing was fetched; an earlier run left 2 files unfinished; to continue with them: civitai-dl download",
    );
  }));

Deno.test("download reports a refused key once, at its first request, and how to set a new one", () =>
  atPlace({ requireLogin: 1 }, async ({ sandbox, everything, run }) => {
    const { code, stdout, stderr } = await run(everything, { CIVITAI_API_KEY: "0123456789abcdef-old" });
    assertEquals([code, stdout], [5, ""], stderr);
    assertEquals(stderr.match(/^error: Cannot use the API key: it is wrong, expired or revoked$/mg)?.length, 1, stderr);
    assertMatch(
      stderr,
      /^hint: Create a new API key at https:.*, and put it in place of the one from CIVITAI_API_KEY$/m,
    );
    assertEquals(sandbox.log.requests.map(({ target }) => target), ["/api/v1/me"]);
  }));

Deno.test("download stops with 5 when the key is revoked during the run, and continues with a new one", async () => {
  let place: Sandbox | undefined;
  const onExchange = () => {
    if ((place?.log.downloadHits ?? 0) >= 10) place?.setToken("the-next-key");
  };
  const options = { requireLogin: 1, size: { creators: 1, modelsPerCreator: 60 }, onExchange };
  await atPlace(options, async ({ folder, sandbox, run }) => {
    place = sandbox;
    const { token } = sandbox;
    const { username } = sandbox.catalog.creators().next().value!;
    const stopped = await run(["--user", username], { CIVITAI_API_KEY: token });
    assertEquals(stopped.code, 5, stopped.stderr);
    assert(sandbox.log.downloadHits <= 10 + 8, `${sandbox.log.downloadHits} links were requested`);
    const said = `${stopped.stdout}${stopped.stderr}`;
    assertEquals(said.match(/^Cannot use the API key: it is wrong, expired or revoked$/mg)?.length, 1, said);
    assertMatch(
      stopped.stdout,
      /^Create a new API key at https:.*, and put it in place of the one from CIVITAI_API_KEY$/m,
    );
    assertMatch(stopped.stdout, /^\d+ left, run again with: .* --user /m);
    assert(!(await namesIn(join(folder, "library"))).includes("failed.txt"), "no file has failed");
    const next = await run(["--user", username], { CIVITAI_API_KEY: "the-next-key" });
    assertEquals(next.code, 0, next.stderr);
    using library = await openLibrary(join(folder, "library"), { command: "test", readOnly: true });
    const { byState, count } = library.catalog.totals();
    const owned = [...sandbox.facts()].filter(({ creator }) => creator !== null);
    assertEquals([byState.done.count, count], [owned.length, owned.length]);
  });
});

Deno.test("download reports that every download needs a key if there is none", () =>
  atPlace({ requireLogin: 1 }, async ({ everything, run }) => {
    const { code, stdout, stderr } = await run(everything.slice(0, 2), { CIVITAI_API_KEY: "" });
    assertEquals(code, 5, stderr);
    assertMatch(
      stdout,
      /^login: Create a new API key at https:\/\/civitai\.com\/user\/account, and set it with CIVITAI_API_KEY, /m,
    );
    const all = await run(everything, { CIVITAI_API_KEY: "" });
    assertEquals(all.code, 5, all.stderr);
    assertMatch(all.stderr, /^error: Cannot download without an API key: 3 downloads in a row need one$/m);
    assertMatch(all.stderr, /^hint: Create a new API key at https:\/\/civitai\.com\/user\/account, and set it with/m);
  }));

Deno.test("download writes failed.txt, which a later run reads and removes", () =>
  atPlace({ outcomes: { staleHash: 0.34 } }, async ({ folder, sandbox, everything, run }) => {
    const first = await run(everything);
    assertEquals(first.code, 7, first.stderr);
    const list = join(folder, "library", "failed.txt");
    assertMatch(
      await Deno.readTextFile(list),
      /^https:\/\/civitai\.com\/api\/download\/models\/\d+\?fileId=\d+ # corrupted, models\//m,
    );
    assertEquals((await namesIn(join(folder, "library"))).includes("corrupted"), true);
    assert(sandbox.log.downloadHits > 0);
    assertEquals((await run(["--from", join("library", "failed.txt")])).code, 7);
  }));

Deno.test("download stops at the first SIGINT with 130, reports its progress and resumes later", () =>
  atPlace({ toxics: [{ type: "bandwidth", bytesPerSecond: 400_000 }], fileSizes: [2_000_000] }, async (place) => {
    const { sandbox, everything, run, start } = place;
    const program = start(everything);
    const waiting = setInterval(() => {
      if (sandbox.log.storageBytes > 200_000) program.kill("SIGINT");
      if (sandbox.log.storageBytes > 200_000) clearInterval(waiting);
    }, 5);
    const stopped = await program.ended.finally(() => clearInterval(waiting));
    assertEquals(stopped.code, 130);
    assertStringIncludes(stopped.stderr, "Stopping cleanly");
    assertStringIncludes(stopped.stdout, "Stopped before completion: received SIGINT");
    sandbox.setToxics([]);
    const finished = await run([]);
    assertEquals(finished.code, 0, finished.stderr);
    assertMatch(finished.stdout, /^ {2}done +[123]$/m);
    assertStringIncludes(finished.stdout, "resumed from an earlier run");
  }));

Deno.test("download exits with 3 after --max-time, and the same command resumes", () =>
  atPlace({}, async ({ everything, run }) => {
    const late = await run([...everything, "--max-time", "0s"]);
    assertEquals(late.code, 3, late.stderr);
    assertStringIncludes(late.stdout, "Stopped: --max-time has passed");
    // Once, with the command.
    assertEquals(late.stdout.match(/run again/gi), ["run again"], late.stdout);
    assert(!late.stderr.includes("error:"));
    assertEquals((await run([...everything, "--model", "1", "--max-time", "0s"])).code, 1);
    const rest = await run(everything);
    assertEquals(rest.code, 0, rest.stderr);
    assertMatch(rest.stdout, /^ {2}done +3$/m);
    const help = await call(["download", "--help"]);
    assertMatch(help.out, /^ +3 +--max-time has passed/m);
  }));

Deno.test("download refuses a library that another run holds, and names it", () =>
  inTempDir(async (root) => {
    using _held = await openLibrary(root, { command: "update" });
    const { code, err } = await call(["download", "--model", "1", "-o", root]);
    assertEquals(code, 4);
    assertStringIncludes(err, `held by "update" (process ${Deno.pid}`);
    assertStringIncludes(err, "--wait");
    assert(!err.includes("Waiting for"), err);
    const patient = await call(["download", "--model", "1", "-o", root, "--wait", "1ms"]);
    assertEquals([patient.code, patient.err.includes(`Waiting for update (process ${Deno.pid})`)], [4, true]);
  }));

Deno.test("download reports that there is no library to resume", () =>
  inTempDir(async (root) => {
    const { code, err } = await call(["download", "-o", join(root, "none")]);
    assertEquals(code, 2);
    assertStringIncludes(err, "it does not exist");
  }));

Deno.test("download is the default verb", () =>
  inTempDir(async (root) => {
    assertStringIncludes((await call(["-o", join(root, "none")])).err, "Cannot open library");
    const typo = await call(["serach", "x"]);
    assertEquals([typo.code, typo.err.includes('did you mean "search"?')], [2, true]);
  }));

Deno.test("download explains an unusable output folder", () =>
  inTempDir(async (root) => {
    await Deno.writeTextFile(join(root, "file"), "");
    for (const path of [join(root, "file"), join(root, "file", "below"), "/sys/civitai-dl"]) {
      const { code, err } = await call(["download", "--model", "1", "-o", path]);
      assertEquals(code, 2);
      assertStringIncludes(err, `Cannot use output folder "${path}"`);
      assertEquals(err.includes("--allow-all"), false);
    }
  }));

const USAGE: readonly [words: readonly string[], says: string][] = [
  [["--useer", "x"], 'did you mean "--user"?'],
  [["--sfw", "--max-level", "R"], "they are mutually exclusive"],
  [["--layout", "a1111", "--path-template", "{file}"], "they are mutually exclusive"],
  [["--engine", "stable", "--force-sync-mode"], "they are mutually exclusive"],
  [["--base-url", "http://127.0.0.1:1", "--sandbox"], "they are mutually exclusive"],
  [["--events", "--json"], "they are mutually exclusive"],
  [["--engine", "warp"], '"stable"'],
  [["--since", "someday"], "--since"],
  [["--limit", "0"], "--limit"],
  [["--model", "1", "--sort", "Newest"], "none of the targets is a listing"],
  [["--model", "1", "--files", "modle"], 'Did you mean "model"?'],
  [["--model", "1", "--files", "primary,weights"], '"training-data"'],
  [["--path-template", "{wat}"], "wat"],
  [["--path-template", "{type}", "--model", "1"], "{file} is missing"],
  [["--whitelist", "/no/such/file"], "--whitelist"],
  [["--users", "/no/such/file"], "--users"],
  [["???"], "not a user, model"],
  [["--max-retries=many"], "--max-retries"],
];

for (const [words, says] of USAGE) {
  Deno.test(`download exits with 2 for ${words.join(" ")}`, () =>
    inTempDir(async (root) => {
      const { code, out, err } = await call(["download", "-o", join(root, "library"), ...words]);
      assertEquals([code, out], [2, ""]);
      assertStringIncludes(err, says);
      assertEquals(await namesIn(root), []);
    }));
}

Deno.test("download fails if it cannot write its log", () =>
  atPlace({}, async ({ folder, everything, run }) => {
    await Deno.writeTextFile(join(folder, "logs"), "");
    const { code, stderr } = await run(everything);
    assertEquals(code, 2);
    assertStringIncludes(stderr, 'Cannot use "logs" as a folder: it is a file');
  }));

Deno.test("download applies civitai-dl.yml and shows no secret from it", () =>
  atPlace({}, async ({ folder, everything, run }) => {
    const text = "token: sandbox-token\ndownload:\n  path-template: '{type}/{file}'\n  since: 2000-01-02\n";
    await Deno.writeTextFile(join(folder, "civitai-dl.yml"), text);
    await Deno.chmod(join(folder, "civitai-dl.yml"), 0o644);
    const { code, stdout, stderr } = await run([...everything, "--verbose"], { CIVITAI_API_KEY: "" });
    assertEquals(code, 0, stderr);
    const folders = (await namesIn(join(folder, "library"))).filter((name) => !name.startsWith("."));
    assert(!folders.includes("models") && folders.length > 0);
    assert(!`${stdout}${stderr}`.includes("sandbox-token") && !stderr.includes("--token shows"));
    assertStringIncludes(stderr, 'warning: "civitai-dl.yml" can be read by other users');
    // Where a text is quoted, only a redactor that knows the key can remove it.
    const quoted = await run(["???sandbox-token"], { CIVITAI_API_KEY: "" });
    assertStringIncludes(quoted.stderr, 'Cannot use "???[redacted]"');
  }));

Deno.test("update fetches versions of existing models that are newer than theirs, and no older ones", () =>
  atPlace({ versionsPerModel: { min: 2, max: 2 } }, async ({ sandbox, run }) => {
    // The sandbox publishes the first version of a model last.
    const newest = sandbox.catalog.modelAt(1).versions[0]!;
    const oldest = sandbox.catalog.modelAt(0).versions[1]!;
    assertEquals((await run([`version:${oldest.id}`])).code, 0);
    const preview = await run(["update", "--dry-run", "--json"]);
    assertEquals(JSON.parse(preview.stdout).plan.wanted.files, 1);
    const updated = await run(["update"]);
    assertEquals(updated.code, 0, updated.stderr);
    assertMatch(updated.stdout, /^ {2}done +1$/m);
    assertEquals(sandbox.log.downloadHits, 2);
    assertEquals((await run([`version:${newest.id}`])).code, 0);
    assertEquals(JSON.parse((await run(["update", "--dry-run", "--json"])).stdout).plan.wanted.files, 0);
  }));

Deno.test("download --update fetches its targets and what is new of all other models, with the choice of each", () =>
  atPlace({ versionsPerModel: { min: 3, max: 3 } }, async ({ folder, sandbox, run }) => {
    const named = sandbox.catalog.modelAt(0);
    const other = sandbox.catalog.modelAt(1);
    // The sandbox publishes the first version of a model last.
    assertEquals((await run([`version:${other.versions[1]!.id}`])).code, 0);
    const words = ["download", `model:${named.id}`, "--latest-only", "--since", "2100-01-01", "--update", "--yes"];
    const first = await run(words);
    assertEquals(first.code, 0, first.stderr);
    // --since keeps all versions of the target out; the other model is not concerned.
    assertMatch(first.stdout, /^ {2}done +1$/m);
    assertEquals(sandbox.log.downloadHits, 2);
    await Deno.writeTextFile(join(folder, "users.txt"), `${[...sandbox.catalog.creators()][0]!.username}\n`);
    const night = await run(["download", "--users", "users.txt", "--update", "--yes"]);
    assertEquals(night.code, 0, night.stderr);
    const again = await run(["download", "--users", "users.txt", "--update", "--yes"]);
    assertEquals([again.code, /^ {2}done /m.test(again.stdout)], [0, false], again.stdout);
  }));

Deno.test("update repeats --no-images and --latest-only of the download, and flags of its own replace them", () =>
  inTempDir(async (folder) => {
    const images = { imagesPerVersion: { min: 2, max: 2 }, galleryPerVersion: 2, versionsPerModel: { min: 2, max: 2 } };
    await using sandbox = await startSandbox({ ...PLAIN, ...images });
    const { apiOrigin, storageOrigin, token } = sandbox;
    const env = { XDG_CONFIG_HOME: folder, CIVITAI_API_KEY: token };
    const run = (...words: readonly string[]) =>
      runProgram([...words, "-o", "library", "--reserve", "0", "--base-url", apiOrigin], {
        folder,
        origins: [apiOrigin, storageOrigin],
        env,
      });
    const wantedBy = async (...words: readonly string[]): Promise<unknown> => {
      const { code, stdout, stderr } = await run("update", "--dry-run", "--json", ...words);
      assertEquals(code, 0, stderr);
      const { files, images } = JSON.parse(stdout).plan.wanted;
      return [files, images];
    };
    const { id } = sandbox.catalog.modelAt(0);
    assertEquals((await run("download", `model:${id}`, "--no-images", "--latest-only")).code, 0);
    assertEquals(await wantedBy(), [0, 0]);
    assertEquals(await wantedBy("--images"), [0, 4]);
    assertEquals(await wantedBy("--previews", "1"), [0, 1]);
    await Deno.writeTextFile(join(folder, "civitai-dl.yml"), "update:\n  gallery: 1\n");
    assertEquals(await wantedBy(), [0, 1]);
  }));

Deno.test("update keeps a model that the site has removed, says so once, and exits with 0", () =>
  atPlace({}, async ({ sandbox, everything, run }) => {
    assertEquals((await run(everything)).code, 0);
    const { id, name } = sandbox.catalog.modelAt(1);
    sandbox.setAbsent([id]);
    const first = await run(["update"]);
    assertEquals(first.code, 0, first.stderr);
    assertStringIncludes(first.stdout, `Removed on Civitai, kept: model:${id} (${name}), 1 file\n`);
    assertEquals(`${first.stdout}${first.stderr}`.includes("check the spelling"), false);
    const second = await run(["update"]);
    assertEquals([second.code, `${second.stdout}${second.stderr}`.includes("Removed")], [0, false], second.stderr);
    const typed = await run([`model:${id}`]);
    assertEquals(typed.code, 0, typed.stderr);
    assertStringIncludes(typed.stdout, "Removed on Civitai, kept");
    assertStringIncludes(typed.stderr, "nothing to fetch: removed on Civitai; what the library has is kept");
  }));

Deno.test("download lists the targets that it could not plan in failed.txt, each until it can", () =>
  atPlace({}, async ({ folder, sandbox, everything, run }) => {
    const { id } = sandbox.catalog.modelAt(2);
    sandbox.setAbsent([id]);
    const first = await run([...everything, "--user", "nobody-here"]);
    assertEquals(first.code, 1, first.stderr);
    const list = join(folder, "library", "failed.txt");
    assertStringIncludes(first.stdout, `What failed is listed in ${await Deno.realPath(list)}`);
    assertEquals((await run(["update"])).code, 0);
    assertEquals((await Deno.readTextFile(list)).trimEnd().split("\n").slice(1).sort(), [
      `model:${id} # not planned: gone`,
      "user:nobody-here # not planned: gone",
    ]);
    sandbox.setAbsent([]);
    assertEquals((await run(everything)).code, 0);
    assertStringIncludes(await Deno.readTextFile(list), "\nuser:nobody-here # not planned: gone\n");
  }));

Deno.test("download keeps the targets of failed.txt that a run did not try, until one does or their line is deleted", () =>
  atPlace({}, async ({ folder, sandbox, everything, run }) => {
    const { id } = sandbox.catalog.modelAt(2);
    const other = sandbox.catalog.modelAt(0).id;
    sandbox.setAbsent([id]);
    assertEquals((await run([...everything, "--user", "nobody-here"])).code, 1);
    const list = join(folder, "library", "failed.txt");
    const absent = `model:${id} # not planned: gone`;
    const nobody = "user:nobody-here # not planned: gone";
    const read = async () => (await Deno.readTextFile(list)).trimEnd().split("\n").slice(1).sort();
    assertEquals(await read(), [absent, nobody]);
    // Without targets a run goes on with unfinished files, and says that these are left.
    const bare = await run([]);
    assertEquals(bare.code, 0, bare.stderr);
    assertStringIncludes(bare.stdout, `What failed is listed in ${await Deno.realPath(list)}; to retry it: `);
    assertEquals((await run([`model:${other}`])).code, 0);
    assertEquals(await read(), [absent, nobody]);
    sandbox.setAbsent([]);
    assertEquals((await run(["--from", join("library", "failed.txt")])).code, 1);
    assertEquals(await read(), [nobody]);
    await Deno.writeTextFile(list, "# civitai-dl download --from failed.txt\n");
    assertEquals((await run([])).code, 0);
    assert(!(await namesIn(join(folder, "library"))).includes("failed.txt"));
  }));

Deno.test("update reports a missing library", () =>
  inTempDir(async (root) => assertEquals((await call(["update", "-o", join(root, "none")])).code, 2)));

Deno.test("download fetches the exact file of a hash or link, and no substitute for a missing one", () =>
  atPlace({ filesPerVersion: { min: 3, max: 3 } }, async ({ folder, sandbox, run }) => {
    const { id, files } = sandbox.catalog.modelAt(0).versions[0]!;
    const hash = await sandbox.sha256Of(files[1]!.id);
    const link = `https://civitai.com/api/download/models/${id}`;
    const first = await run([hash, `${link}?fileId=${files[2]!.id}`]);
    assertEquals(first.code, 0, first.stderr);
    const done = async () => {
      using library = await openLibrary(join(folder, "library"), { command: "test", readOnly: true });
      return [...library.catalog.items({ states: ["done"] })].map((item) => item.fileId);
    };
    assertEquals(await done(), [files[1]!.id, files[2]!.id]);
    const second = await run([`${link}?type=VAE&fp=nf4`, "f".repeat(64)]);
    assertEquals([second.code, await done()], [1, [files[1]!.id, files[2]!.id]], second.stderr);
    assertStringIncludes(second.stdout, 'Cannot find the file with type "VAE" and fp "nf4"');
  }));

/** How the first creator's listing fails, and the expected message. */
const BAD_LISTINGS: readonly (readonly [string, (cursor: string | null) => Response | undefined, RegExp])[] = [
  [
    "answers 403",
    () => Response.json({ error: "no" }, { status: 403 }),
    /^Not planned: user:\S+: .*responded with 403/m,
  ],
  [
    "answers 500",
    () => Response.json({ error: "no" }, { status: 500 }),
    /^Not planned: user:\S+: .*responded with 500/m,
  ],
  [
    "breaks off",
    (cursor) => cursor === null ? undefined : Response.json({ error: "no" }, { status: 500 }),
    /^Planned in part: user:\S+: .*responded with 500/m,
  ],
];

for (const [what, answer, said] of BAD_LISTINGS) {
  Deno.test(`download fetches the others and what was listed if the listing of one creator ${what}, and exits with 1`, () =>
    atPlace({ size: { creators: 2, modelsPerCreator: 130 }, fileBytes: { min: 1024, max: 1100 } }, async (place) => {
      const [bad, good] = [...place.sandbox.catalog.creators()].map((creator) => creator.username);
      await using front = openFront(place.sandbox.apiOrigin, (url) => {
        if (url.pathname !== "/api/v1/models" || url.searchParams.get("username") !== bad) return undefined;
        return answer(url.searchParams.get("cursor"));
      });
      const words = ["--user", bad!, "--user", good!, "--max-retries", "0", "--files", "config,model"];
      const { code, stdout, stderr } = await place.runAt(front.origin, words);
      assertEquals(code, 1, stderr);
      assertMatch(stdout, said);
      using library = await openLibrary(join(place.folder, "library"), { command: "test", readOnly: true });
      const done = Object.groupBy([...library.catalog.items({ states: ["done"] })], (item) => item.creator ?? "none");
      assert((done[good!]?.length ?? 0) > 50, stdout);
      assertEquals((done[bad!]?.length ?? 0) > 50, what === "breaks off", stdout);
    }));
}

Deno.test("download exits with 6 if every listing fails because of the service", () =>
  atPlace({ size: { creators: 2, modelsPerCreator: 2 } }, async (place) => {
    await using front = openFront(
      place.sandbox.apiOrigin,
      (url) => url.pathname === "/api/v1/models" ? Response.json({ error: "no" }, { status: 500 }) : undefined,
    );
    const names = [...place.sandbox.catalog.creators()].flatMap((creator) => ["--user", creator.username]);
    const { code, stderr } = await place.runAt(front.origin, [...names, "--max-retries", "0"]);
    assertEquals(code, 6, stderr);
    assertMatch(stderr, /^error: Cannot list models of user .*responded with 500/m);
  }));

Deno.test("download explains --layout for a library of another layout, and keeps the layout", () =>
  atPlace({}, async ({ folder, sandbox, run }) => {
    const [one, two, three] = [...sandbox.catalog.models()].map((model) => String(model.id));
    const filesOf = async (model: string): Promise<readonly string[]> => {
      using library = await openLibrary(join(folder, "library"), { command: "test", readOnly: true });
      return [...library.catalog.items({ kinds: ["file"], modelId: Number(model) })].map((item) => item.path);
    };
    const first = await run(["--model", one!]);
    assertEquals([first.code, first.stderr.includes("laid out")], [0, false]);
    const before = await filesOf(one!);
    const other = await run(["--model", one!, "--model", two!, "--layout", "comfyui"]);
    assertEquals(other.code, 0, other.stderr);
    assertStringIncludes(
      other.stderr,
      "note: This library uses --layout classic: existing files stay where they are",
    );
    assertEquals(await filesOf(one!), before);
    assertMatch((await filesOf(two!))[0]!, /^models\/[a-z_]+\/[^/]+$/);
    const third = await run(["--model", three!]);
    assertEquals([third.code, third.stderr.includes("laid out")], [0, false]);
    assertMatch((await filesOf(three!))[0]!, /^models\/[a-z_]+\/[^/]+$/);
  }));
