import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { HostMemory } from "../../../lib/downloader/hosts/host_memory.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const FILE = join(".civitai-dl", "state", "hosts.json");
const DAY_MS = 86_400_000;

/** Add readings of a host in a run of their own. */
async function learn(root: string, clock: FakeClock, host: string, speeds: readonly number[]): Promise<void> {
  await using memory = await HostMemory.open({ root }, { onWarning: () => {}, clock });
  for (const speed of speeds) memory.add(host, "connection", { speed, isSlow: false });
}

async function usual(root: string, clock: FakeClock, host: string): Promise<number | null> {
  const warnings: string[] = [];
  await using memory = await HostMemory.open({ root }, { onWarning: (text) => warnings.push(text), clock });
  assertEquals(warnings, []);
  return memory.usual(host, "connection");
}

Deno.test("HostMemory remembers the median of days, and of many hosts and readings the last", () =>
  inTempDir(async (root) => {
    const clock = new FakeClock();
    for (let day = 0; day < 40; day++) {
      // One bad day in three does not move the median.
      await learn(root, clock, "a.example", Array(500).fill(day % 3 === 0 ? 10 : 1000));
      clock.advance(DAY_MS);
    }
    assertEquals(await usual(root, clock, "a.example"), 1000);
    for (let host = 0; host < 200; host++) await learn(root, clock, `h${host}.example`, Array(6).fill(host + 1));
    assertEquals(await usual(root, clock, "h199.example"), 200);
    assertEquals(await usual(root, clock, "a.example"), null);
    assert((await Deno.stat(join(root, FILE))).size < 64 * 1024);
  }));

Deno.test("HostMemory writes nothing if nothing was measured, and every ten minutes while something is", () =>
  inTempDir(async (root) => {
    const clock = new FakeClock();
    await learn(root, clock, "a.example", []);
    await assertRejects(() => Deno.stat(join(root, FILE)), Deno.errors.NotFound);
    const memory = await HostMemory.open({ root }, { onWarning: () => {}, clock });
    for (let reading = 0; reading < 6; reading++) memory.add("a.example", "connection", { speed: 7, isSlow: false });
    memory.saveIfDue();
    clock.advance(600_000);
    memory.saveIfDue();
    await memory[Symbol.asyncDispose]();
    const written = await Deno.stat(join(root, FILE));
    assertEquals(await usual(root, clock, "a.example"), 7);
    assertEquals((await Deno.stat(join(root, FILE))).mtime, written.mtime);
  }));

Deno.test("HostMemory moves a damaged file aside", () =>
  inTempDir(async (root) => {
    const clock = new FakeClock();
    await learn(root, clock, "a.example", Array(6).fill(7));
    const path = join(root, FILE);
    const text = await Deno.readTextFile(path);
    for (const broken of ["{", text.replace('"speed":7', '"speed":-7'), text.replace(/\[\{"day.*?\]/, "7")]) {
      await Deno.writeTextFile(path, broken);
      const warnings: string[] = [];
      await using memory = await HostMemory.open({ root }, { onWarning: (line) => warnings.push(line), clock });
      assertEquals([warnings.length, memory.usual("a.example", "connection")], [1, null], broken);
    }
  }));
