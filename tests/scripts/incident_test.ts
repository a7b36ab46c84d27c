import { assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { denoWords } from "../../scripts/_frame/program_form.ts";
import { NEEDLE, STRICT_SECRETS, USUAL_SECRETS } from "../helpers/secret_texts.ts";
import { mountSmallDisk, noSmallDisk } from "../helpers/small_disk.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What a reader in another folder types before a command of the checkout. */
const TASK = `${denoWords().join(" ")} task --config ${ROOT}deno.json`;

/** Run the program as its own process, because an incident belongs to the working directory. */
async function run(cwd: string, permissions: string, ...words: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", `--config=${ROOT}deno.json`, `-P=${permissions}`, `${ROOT}cli.ts`, ...words],
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

Deno.test("an open incident records what is run, without values, and says what is next", () =>
  inTempDir(async (folder) => {
    const incident = (...words: readonly string[]) => run(folder, "incident", "incident", ...words);
    const started = await incident("start", "--problem", "memory", "it grows");
    assertEquals(started.code, 0);
    assertStringIncludes(started.err, `warning: Cannot find a library at "${await Deno.realPath(folder)}/downloads"`);
    assertStringIncludes(started.err, `${TASK} incident --library FOLDER`);
    assertStringIncludes(started.out, `Next: ${TASK} failsafe hold stable\n`);
    await Deno.mkdir(`${folder}/library/.civitai-dl`, { recursive: true });
    const there = await incident("--library", "library");
    assertEquals(there.err, "");
    assertStringIncludes(there.out, `Next: ${TASK} failsafe --library library hold stable\n`);
    const held = await run(folder, "local", "failsafe", "hold", "stable", "--library", "library");
    assertEquals([held.code, held.err], [0, ""]);
    assertEquals((await run(folder, "local", "failsafe", "trip", "a-secret-host")).code, 2);
    const { out } = await incident("--json");
    const status = JSON.parse(out) as { readonly next: string; readonly path: string };
    assertEquals(status.next, `${TASK} health-check`);
    const timeline = await Deno.readTextFile(`${folder}/${status.path}`);
    assertStringIncludes(timeline, '"words":["failsafe","hold","stable","--library","…"],"exit":0');
    assertEquals(/secret/.test(timeline), false);
    const closed = await incident("close", "an old version");
    assertStringIncludes(closed.out, "| Closed: an old version |\n");
    assertEquals((await incident()).out, `No incident is open here; ${TASK} incident start TEXT begins one\n`);
  }));

Deno.test("incident says which words are missing, and that none is open", () =>
  inTempDir(async (folder) => {
    const silent = await run(folder, "incident", "incident", "start");
    assertEquals(silent.code, 2);
    assertStringIncludes(silent.err, "Cannot start without a text: say in a few words what happened");
    assertStringIncludes(silent.err, 'incident start "all downloads hang"');
    await run(folder, "incident", "incident", "start", "x");
    const unexplained = await run(folder, "incident", "incident", "close");
    assertStringIncludes(unexplained.err, 'incident close "the disk was full; 40 GiB freed"');
    assertEquals((await run(folder, "incident", "incident", "close", "y")).code, 0);
    const closed = await run(folder, "incident", "incident", "close", "x");
    assertEquals(closed.code, 4);
    assertStringIncludes(closed.err, "no incident is open here");
  }));

Deno.test("incident neither stores nor prints a secret, and makes its folders private", () =>
  inTempDir(async (folder) => {
    const incident = (...words: readonly string[]) => run(folder, "incident", "incident", ...words);
    await Deno.writeTextFile(`${folder}/api_key.md`, "configured-key-0123456789\n");
    const outputs = [
      await incident("start", `it hangs at ${USUAL_SECRETS.Slack}`),
      await incident("note", `key is token=${NEEDLE}`),
      await incident("note", "ann has configured-key-0123456789 in her profile"),
      await incident("--json"),
    ];
    const [name] = (await Array.fromAsync(Deno.readDir(`${folder}/logs/incidents`))).map(({ name }) => name);
    const path = `${folder}/logs/incidents/${name}`;
    // An earlier version recorded notes as they were.
    const old = { time: new Date().toISOString(), type: "note", text: STRICT_SECRETS["a sentence"] };
    const stored = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, `${JSON.stringify(old)}\n`, { append: true });
    const closed = await incident("close", "a leaked key");
    for (const text of [stored, ...outputs.map(({ out }) => out), closed.out]) {
      assertEquals(text.includes(NEEDLE) || text.includes("configured-key"), false, text);
    }
    assertStringIncludes(closed.out, "| ann has [redacted] in her profile |");
    assertStringIncludes(closed.out, "| key is token=[redacted] |");
    if (Deno.build.os === "windows") return;
    for (const place of ["logs", "logs/incidents"]) {
      assertEquals((await Deno.stat(`${folder}/${place}`)).mode! & 0o777, 0o700, place);
    }
  }));

const why = await noSmallDisk();

Deno.test({
  name: `incident start shows the steps on a full disk, and warns${why === null ? "" : ` (skipped: ${why})`}`,
  ignore: why !== null,
  fn: () =>
    inTempDir(async (folder) => {
      const path = `${folder}/small`;
      await Deno.mkdir(path);
      await using disk = (await mountSmallDisk(path, 1 << 20))!;
      disk.fill();
      const { code, out, err } = await run(path, "incident", "incident", "start", "x");
      assertEquals(code, 4, err);
      assertStringIncludes(out, "[>] Use the stable engine from now on");
      assertStringIncludes(out, "could not be written\nNext: ");
      assertStringIncludes(err, "warning: Nothing is recorded, so no step gets its mark: No space left on device");
      assertStringIncludes((await run(path, "incident", "incident")).out, "No incident is open here");
    }),
});

Deno.test("a command that may not write ends as usual while an incident is open", () =>
  inTempDir(async (folder) => {
    await run(folder, "incident", "incident", "start", "x");
    const { code, err } = await run(folder, "explain", "explain", "timeout");
    assertEquals([code, err], [0, ""]);
  }));
