import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { Interruption, type Io, MemoryIo } from "../../lib/cli/mod.ts";
import type { StatusReport } from "../../lib/monitor/mod.ts";
import { openLibrary } from "../../lib/downloader/mod.ts";
import { command as monitor } from "../../scripts/monitor.ts";
import { command as serve } from "../../scripts/serve.ts";
import { execute } from "../../lib/cli/mod.ts";
import { systemClock } from "../../lib/base/mod.ts";
import { rememberLibrary } from "../../scripts/_frame/library/library_memory.ts";
import { scriptProgram } from "../../scripts/_frame/run_script.ts";
import { ListeningIo } from "../helpers/listening_io.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const TOKEN = "0123456789abcdef";

/** A command that serves until it is stopped. */
interface Serving extends AsyncDisposable {
  readonly url: string;
  readonly io: MemoryIo;
  /** Stop it, and return its exit code. */
  stop(): Promise<number>;
}

/** Run `serve` in this process, with the logs of a folder. */
async function start(
  folder: string,
  words: readonly string[] = [],
  { command = serve, env = {} }: {
    readonly command?: typeof serve | typeof monitor;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<Serving> {
  const io = new ListeningIo(/page at (\S+)/);
  const controller = new AbortController();
  const place = ["--library", join(folder, "library"), "--logs", join(folder, "logs")];
  const running = run(command as typeof serve, ["--listen", "127.0.0.1:0", ...place, ...words], {
    io,
    env,
    signal: controller.signal,
  });
  const first = await Promise.race([io.heard, running]);
  if (typeof first === "number") throw new Error(`It ended with ${first}: ${io.err}`);
  const stop = (): Promise<number> => {
    controller.abort(new Interruption("SIGINT"));
    return running;
  };
  return { url: first, io, stop, [Symbol.asyncDispose]: async () => void await stop() };
}

async function run(
  command: typeof serve,
  words: readonly string[],
  { io = new MemoryIo(), env = {}, signal }: {
    readonly io?: Io;
    readonly env?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  } = {},
): Promise<number> {
  return await execute(scriptProgram(command), words, { io, signal, env: (name) => env[name] });
}

async function getJson<T>(url: string, path: string, headers: Readonly<Record<string, string>> = {}): Promise<T> {
  return await (await fetch(new URL(path, url), { headers })).json();
}

Deno.test("serve needs no library, creates nothing before something is fetched, and ends with 0", () =>
  inTempDir(async (folder) => {
    const serving = await start(folder, [], { env: { LANG: "ja_JP.UTF-8" } });
    const { url } = serving;
    assertMatch(await (await fetch(url)).text(), /^<!doctype html>/i);
    const about = await getJson<Record<string, unknown>>(url, "api/v1/about");
    assertEquals([about["library"], about["readOnly"], about["language"]], [join(folder, "library"), false, "ja"]);
    const status = await getJson<StatusReport>(url, "api/v1/status");
    assertEquals([status.schema, status.library, status.holder, status.alerts], ["civitai-dl/status", null, null, []]);
    assertEquals(await getJson(url, "healthz"), { status: "ok", reason: null });
    assertMatch(await (await fetch(new URL("metrics", url))).text(), /^civitai_dl_undelivered_notifications 0$/m);
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
    assertEquals(await serving.stop(), 0);
  }));

Deno.test("serve works beside a run that holds the library, and names it", () =>
  inTempDir(async (folder) => {
    using library = await openLibrary(join(folder, "library"), { command: "download" });
    await using serving = await start(folder);
    const { holder, library: totals } = await getJson<StatusReport>(serving.url, "api/v1/status");
    assertEquals([holder?.command, holder?.pid, totals?.files], ["download", Deno.pid, 0]);
    assert(library.root.length > 0);
  }));

Deno.test("serve says that the library is gone while it is, and that all is well when it is back", () =>
  inTempDir(async (folder) => {
    const root = join(folder, "library");
    const variables = { XDG_STATE_HOME: join(folder, "state") };
    (await openLibrary(root, { command: "download" }))[Symbol.dispose]();
    await rememberLibrary(root, (name) => ({ ...variables })[name]);
    await using serving = await start(folder, [], { env: variables });
    const { url } = serving;
    await getJson(url, "api/v1/status");
    await Deno.rename(root, `${root}-away`);
    await Deno.mkdir(root);
    let health = await fetch(new URL("healthz", url));
    while (health.status === 200) {
      await health.body?.cancel();
      await systemClock.sleep(50);
      await getJson(url, "api/v1/status");
      health = await fetch(new URL("healthz", url));
    }
    assertMatch((await health.json()).reason, /is gone/);
    assertMatch((await getJson<StatusReport>(url, "api/v1/status")).gone!.message, /is gone/);
    assertEquals(await Array.fromAsync(Deno.readDir(root)), []);
    await Deno.remove(root);
    await Deno.rename(`${root}-away`, root);
    while ((await getJson<StatusReport>(url, "api/v1/status")).gone !== null) await systemClock.sleep(50);
    assertEquals(await getJson(url, "healthz"), { status: "ok", reason: null });
  }));

Deno.test("serve --page-token-file asks for the token in the file, warns if others can read it, and never shows it", () =>
  inTempDir(async (folder) => {
    const file = join(folder, "token");
    await Deno.writeTextFile(file, `\n${TOKEN}\n`, { mode: 0o644 });
    await using serving = await start(folder, ["--page-token-file", file, "--read-only"]);
    const { url, io } = serving;
    const refused = await fetch(new URL("api/v1/about", url));
    assertEquals([refused.status, (await refused.json()).code], [401, "forbidden"]);
    const about = await getJson<Record<string, unknown>>(url, "api/v1/about", { authorization: `Bearer ${TOKEN}` });
    assertEquals(about["readOnly"], true);
    if (Deno.build.os !== "windows") assertStringIncludes(io.err, `warning: "${file}" can be read by other users`);
    assert(!io.err.includes(TOKEN));
  }));

Deno.test("serve and monitor say from which maturity on the page blurs: from R, or as --blur-from says", () =>
  inTempDir(async (folder) => {
    const blurFrom = async (words: readonly string[], command: typeof serve | typeof monitor): Promise<number> => {
      await using serving = await start(folder, words, { command });
      const about = await getJson<{ maturity: { blurFrom: number } }>(serving.url, "api/v1/about");
      return about.maturity.blurFrom;
    };
    assertEquals(await blurFrom([], serve), 4);
    assertEquals(await blurFrom(["--blur-from", "PG-13"], serve), 2);
    // Above all bits that Civitai has.
    assertEquals(await blurFrom(["--blur-from", "none"], monitor), 64);
  }));

Deno.test("serve refuses tokens and addresses that cannot be used, before it listens", () =>
  inTempDir(async (folder) => {
    const file = join(folder, "token");
    const refuse = async (words: readonly string[]): Promise<string> => {
      const io = new MemoryIo();
      assertEquals(await run(serve, ["--library", join(folder, "library"), ...words], { io }), 2);
      return io.err;
    };
    assertStringIncludes(await refuse(["--page-token-file", file]), "Cannot read the page's token from");
    await Deno.writeTextFile(file, "one\ntwo\n");
    assertStringIncludes(await refuse(["--page-token-file", file]), "it is not one line with a token");
    await Deno.writeTextFile(file, "short\n");
    assertStringIncludes(await refuse(["--page-token-file", file]), "it needs 16 visible ASCII characters");
    const open = await refuse(["--listen", "0.0.0.0:0"]);
    assertStringIncludes(open, "other machines could use it without a token");
    assertStringIncludes(open, "--page-token-file");
    assertStringIncludes(await refuse(["--listen", "somewhere"]), "it is not an address");
    await using serving = await start(folder);
    const { host } = new URL(serving.url);
    assertStringIncludes(await refuse(["--listen", host]), "the port is in use");
  }));

Deno.test("serve --sandbox has an invented Civitai of its own, and its own library", () =>
  inTempDir(async (folder) => {
    await using serving = await start(folder, ["--sandbox"]);
    assertMatch(serving.io.err, /Sandbox at http:\/\/127\.0\.0\.1:\d+; its creators: \w+/);
  }));

Deno.test("serve --open says which address to open if there is no browser", () =>
  inTempDir(async (folder) => {
    const { openBrowser } = await import("../../scripts/_serve/open_browser.ts");
    const said: string[] = [];
    await openBrowser({ hostname: "0.0.0.0", port: 9847, url: "http://0.0.0.0:9847/" }, {
      onWarning: (message) => said.push(message),
      open: (address) => Promise.resolve(`there is no browser for ${address}`),
    });
    assertEquals(said, [
      "cannot open a browser: there is no browser for http://127.0.0.1:9847/; open http://127.0.0.1:9847/ yourself",
    ]);
    assert(folder.length > 0);
  }));

Deno.test("monitor --listen serves the same as serve, and --read-only as well", () =>
  inTempDir(async (folder) => {
    const words = ["--interval", "1s", "--read-only"];
    await using watching = await start(folder, words, { command: monitor });
    const about = await getJson<Record<string, unknown>>(watching.url, "api/v1/about");
    assertEquals([about["library"], about["readOnly"]], [join(folder, "library"), true]);
    await using serving = await start(folder);
    const paths = async (url: string): Promise<readonly string[]> =>
      Object.keys((await getJson<{ paths: object }>(url, "api/v1/openapi.json")).paths);
    assertEquals(await paths(watching.url), await paths(serving.url));
    // A monitor beside it is no hindrance, and is named.
    assertEquals((await getJson<StatusReport>(serving.url, "api/v1/status")).monitor?.pid, Deno.pid);
  }));
