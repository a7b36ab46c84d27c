import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { readInstallation } from "../../lib/release/mod.ts";
import { becomes } from "../helpers/becomes.ts";
import { KILL_VARIABLE } from "../helpers/repository/release_repository.ts";
import { etagOf, installRelease, type ReleaseServer } from "../helpers/servers/release_server.ts";
import { mountSmallDisk, noSmallDisk } from "../helpers/small_disk.ts";
import { COMPLETE_UPDATE, endOf, inUpdatePlace, namesIn, versionInUse } from "./scenarios/self_update_place.ts";

/** Longer than the blocks of a part's journal, so that a killed download can be resumed. */
const PADDING = 20 << 20;

/** Serve the first half of the program, then nothing, until the signal. */
function stall(server: ReleaseServer): Disposable {
  const path = "/v1.1.0/civitai-dl.js";
  const controllers: ReadableStreamDefaultController<Uint8Array>[] = [];
  server.answers.set(path, async () => {
    const bytes = await Deno.readFile(server.pathOf("v1.1.0", "civitai-dl.js"));
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes.subarray(0, bytes.length / 2));
        controllers.push(controller);
      },
    });
    const headers = { etag: etagOf(bytes), "content-length": `${bytes.length}` };
    return new Response(body, { headers });
  });
  return {
    [Symbol.dispose]() {
      server.answers.delete(path);
      for (const controller of controllers) {
        try {
          controller.close();
        } catch {
          // The client is gone already.
        }
      }
    },
  };
}

async function partSize(prefix: string): Promise<number> {
  const path = join(prefix, "downloads", "v1.1.0", "civitai-dl.js.part");
  return await Deno.stat(path).then(({ size }) => size, () => 0);
}

Deno.test("self-update resumes a download that was killed, and keeps the version in use meanwhile", () =>
  inUpdatePlace(async ({ prefix, server, start }) => {
    await server.publish("v1.1.0", { padding: PADDING });
    {
      using _stalled = stall(server);
      const child = start();
      assert(await becomes(async () => await partSize(prefix) >= PADDING / 2, 60_000));
      child.kill("SIGKILL");
      assertEquals((await endOf(child)).signal, "SIGKILL");
    }
    assertEquals(await versionInUse(prefix), "civitai-dl 1.0.0");
    const { code, out, err } = await endOf(start(["--json"]));
    assertEquals(code, 0, err);
    const { fetchedBytes, resumedBytes } = JSON.parse(out);
    assert(resumedBytes >= PADDING / 2 - (1 << 20), `${resumedBytes}`);
    assert(fetchedBytes <= PADDING / 2 + (2 << 20), `${fetchedBytes}`);
    assertEquals(await versionInUse(prefix), "civitai-dl 1.1.0");
    assertEquals(await namesIn(prefix), COMPLETE_UPDATE);
  }));

for (const moment of ["self-test", "in-use"]) {
  Deno.test(`self-update killed at ${moment} of the new version is put back, and done again`, () =>
    inUpdatePlace(async ({ prefix, server, start }) => {
      await server.publish("v1.1.0");
      const killed = await endOf(start([], { [KILL_VARIABLE]: moment }));
      assertEquals(killed.signal, "SIGKILL", killed.err);
      // Until it is verified, the version before is in use.
      const now = moment === "in-use" ? "1.1.0" : "1.0.0";
      assertEquals(await versionInUse(prefix), `civitai-dl ${now}`);
      const { code, err } = await endOf(start());
      assertEquals(code, 0, err);
      assertMatch(err, /note: The update to v1\.1\.0 of .* was interrupted; what it did was put back first/);
      assertEquals(await versionInUse(prefix), "civitai-dl 1.1.0");
      const { current, previous } = await readInstallation(prefix);
      assertEquals([current, previous], ["1.1.0", "1.0.0"]);
      assertEquals(await namesIn(prefix), COMPLETE_UPDATE);
    }));
}

Deno.test("self-update ends with 4 while another one runs, which Ctrl-C ends with 130", () =>
  inUpdatePlace(async ({ prefix, server, start }) => {
    await server.publish("v1.1.0", { padding: PADDING });
    using _stalled = stall(server);
    const first = start();
    assert(await becomes(async () => await partSize(prefix) > 0, 60_000));
    const second = await endOf(start());
    assertEquals(second.code, 4, second.err);
    assertMatch(second.err, /held by "self-update" \(process \d+/);
    first.kill("SIGINT");
    assertEquals((await endOf(first)).code, 130);
    assertEquals(await versionInUse(prefix), "civitai-dl 1.0.0");
  }));

const whyNot = await noSmallDisk();

Deno.test({
  name: `self-update on a full disk ends with 4 and changes nothing${whyNot === null ? "" : ` (${whyNot})`}`,
  ignore: whyNot !== null,
  fn: () =>
    inUpdatePlace(async ({ prefix, server, start }) => {
      await server.publish("v1.1.0", { padding: 1 << 20 });
      const folder = join(prefix, "small");
      await Deno.mkdir(folder);
      await using disk = (await mountSmallDisk(folder, 8 << 20))!;
      await installRelease(folder, "v1.0.0");
      const { code, err } = await endOf(start(["--prefix", disk.path]));
      assertEquals(code, 4, err);
      assertMatch(err, /has .* free, and the update needs .*\nhint: Free some space/);
      assertEquals(await versionInUse(folder), "civitai-dl 1.0.0");
    }),
});
