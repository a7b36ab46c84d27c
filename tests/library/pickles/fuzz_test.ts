import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../../lib/base/mod.ts";
import { scanPickles } from "../../../lib/library/pickles/scan_pickles.ts";
import { bytesReader } from "../../../lib/library/pickles/byte_reader.ts";
import { bytes, HARMFUL, HARMLESS, le, tarOf, text, zipOf } from "../../helpers/library/pickle_bytes.ts";

/** A run on a busy machine may be slow; a scan that is not linear takes a thousand times longer than this. */
const MAX_MS = 1000;
const MAX_MS_PER_KIB = 8;

const SEEDS: readonly Uint8Array[] = [
  HARMFUL,
  bytes("\x80\x04", text("os"), text("system"), "\x93\x94", text("true"), "\x85R."),
  bytes("\x80\x02}q\0(X\x01\0\0\0aK\x01X\x01\0\0\0b]q\x01(K\x01K\x02euh\0s."),
  zipOf([{ name: "a/data.pkl", content: HARMFUL }, { name: "a/data/0", content: HARMLESS, isDeflated: true }]),
  zipOf([{ name: "a/data.pkl", content: HARMFUL, isDeflated: true }], { isWide: true, comment: "PK" }),
  tarOf([{ name: "pickle", content: HARMFUL }, { name: "storages", content: HARMLESS }]),
  bytes("\x93NUMPY\x01\0\x14\0{'descr': '|O', 'x'}", HARMFUL),
];

/** Change, delete and repeat some bytes. */
function mutate(seed: Uint8Array, random: () => number): Uint8Array {
  let result = bytes(seed);
  const pick = (below: number): number => Math.floor(random() * below);
  for (let count = 1 + pick(4); count > 0; count--) {
    const at = pick(result.length);
    const length = pick(12);
    const kind = pick(4);
    if (kind === 0) result[at] = pick(256);
    else if (kind === 1) result = bytes(result.subarray(0, at), result.subarray(at + length));
    else if (kind === 2) result = bytes(result.subarray(0, at + length), result.subarray(at));
    else result.set(le([0, 1, 0x7fffffff, 0xffffffff][pick(4)]!, 4).subarray(0, result.length - at), at);
    if (result.length === 0) return bytes("\0");
  }
  return result;
}

Deno.test("scanPickles() terminates quickly for any bytes, without an error", async () => {
  const random = seededRandom(20_261_126);
  for (let round = 0; round < 4000; round++) {
    const content = mutate(SEEDS[round % SEEDS.length]!, random);
    const begin = performance.now();
    await scanPickles(bytesReader(content), { name: ["a.pt", "a.bin", "a.zip", "a.txt"][round % 4]! });
    const took = performance.now() - begin;
    assert(took < MAX_MS + MAX_MS_PER_KIB * content.length / 1024, `round ${round}: ${took} ms`);
  }
});

Deno.test("scanPickles() takes time in proportion to what it reads", async () => {
  const size = 1024 * 1024;
  const repeat = (unit: string): Uint8Array => bytes("\x80\x04", unit.repeat(Math.ceil(size / unit.length)), "N.");
  const name = "x".repeat(200);
  const many = Array.from({ length: 10_000 }, (_, index) => ({ name: `${index}`, content: HARMLESS }));
  const table: Readonly<Record<string, Uint8Array>> = {
    "marks": repeat("("),
    "marks and pops": repeat("(0"),
    "short texts": repeat(`\x8c\x03abc0`),
    "names": repeat(`\x8c\xc8${name}\x940`),
    "the memo": repeat("Nr\xff\xff\xff\x030"),
    "global names": repeat("cos\nsystem\n0"),
    "names of their own": bytes(...Array.from({ length: 60_000 }, (_, index) => `ca${index}\nb\n0`), "N."),
    "lines without an end": bytes("V", "x".repeat(size)),
    "pickles in pickles without lines": repeat("C\x08\x80\x02VVVVVV0"),
    "empty pickles": repeat("N."),
    "padding": bytes(HARMLESS, new Uint8Array(size)),
    "frames": repeat("\x95\xff\xff\xff\xff\xff\xff\xff\xff"),
    "entries": zipOf(many),
    "TAR entries": tarOf(many.slice(0, 2000)),
    "ends of archives": bytes(...Array.from({ length: 3000 }, () => bytes("PK\x05\x06", le(0, 18)))),
  };
  for (const [what, content] of Object.entries(table)) {
    const begin = performance.now();
    const { problems } = await scanPickles(bytesReader(content), { name: "a.bin" });
    const took = performance.now() - begin;
    assert(took < MAX_MS + MAX_MS_PER_KIB * content.length / 1024, `${what}: ${took} ms`);
    assertEquals(problems.filter((problem) => problem.includes("looked through")), [], what);
  }
});
