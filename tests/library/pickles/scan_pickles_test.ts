import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "node:path";
import { type PickleScan, scanPickleFile } from "../../../lib/library/mod.ts";
import { scanPickles } from "../../../lib/library/pickles/scan_pickles.ts";
import { bytesReader } from "../../../lib/library/pickles/byte_reader.ts";
import { gguf, pattern, safetensors } from "../../helpers/library/file_bytes.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { bytes, HARMFUL, HARMLESS, le, tarOf, text, zipOf } from "../../helpers/library/pickle_bytes.ts";

const scan = (content: Uint8Array, name = "a.pt"): Promise<PickleScan> => scanPickles(bytesReader(content), { name });

/** Scan a table of contents, each of which has an import. */
async function assertImports(table: Readonly<Record<string, readonly [Uint8Array, string]>>): Promise<void> {
  for (const [what, [content, name]] of Object.entries(table)) {
    const { imports, reason } = await scan(content);
    assertEquals(imports, [name], what);
    assertEquals(reason, `it holds a pickle that imports ${name}`, what);
  }
}

async function assertProblem(table: Readonly<Record<string, readonly [Uint8Array, RegExp]>>): Promise<void> {
  for (const [what, [content, reason]] of Object.entries(table)) {
    assertMatch((await scan(content)).reason ?? "nothing", reason, what);
  }
}

Deno.test("scanPickles() finds imports in every notation of pickles", () =>
  assertImports({
    "GLOBAL, version 0": [HARMFUL, "os.system"],
    "GLOBAL, version 2": [bytes("\x80\x02cos\nsystem\nX\x04\0\0\0true\x85R."), "os.system"],
    "INST": [bytes("(S'true'\nios\nsystem\n."), "os.system"],
    "OBJ": [bytes("(cos\nsystem\nS'true'\no."), "os.system"],
    "STACK_GLOBAL": [bytes("\x80\x04", text("os"), text("system"), "\x93", text("true"), "\x85R."), "os.system"],
    "NEWOBJ": [bytes("\x80\x02csubprocess\nPopen\n)\x81."), "subprocess.Popen"],
    "NEWOBJ_EX": [bytes("\x80\x04csubprocess\nPopen\n)}\x92."), "subprocess.Popen"],
    "BUILD": [bytes("\x80\x02cos\nenviron\n}b."), "os.environ"],
    "an import alone": [bytes("\x80\x02cantigravity\nmain\n."), "antigravity.main"],
    "carriage returns": [bytes("cos\r\nsystem\r\n(tR."), "os?.system?"],
  }));

Deno.test("scanPickles() tracks strings through stack and memo to names", () =>
  assertImports({
    "BINPUT and BINGET": [
      bytes("\x80\x04", text("system"), "q\x07", text("os"), "q\x080", "0h\x08h\x07\x93)R."),
      "os.system",
    ],
    "PUT and GET": [bytes("\x80\x04", text("system"), "p9\n", text("os"), "p8\n00g8\ng9\n\x93)R."), "os.system"],
    "numbers as Python reads them": [
      bytes("\x80\x04", text("system"), "p 1_0\n", text("os"), "p+8\n00g8\ng10\n\x93)R."),
      "os.system",
    ],
    "MEMOIZE behind gaps": [
      bytes("\x80\x04", text("os"), "q\x63", text("system"), "\x94", "00h\x63h\x01\x93)R."),
      "os.system",
    ],
    "LONG_BINPUT and LONG_BINGET": [
      bytes("\x80\x04", text("system"), "r", le(70_000, 4), text("os"), "j", le(70_000, 4), "\x93)R."),
      "os.system",
    ],
    "DUP": [bytes("\x80\x04", text("system"), "2\x93)R."), "system.system"],
    "POP and POP_MARK": [bytes("\x80\x04", text("os"), "N0(NN1", text("system"), "\x93)R."), "os.system"],
    "a mark that POP takes": [bytes("\x80\x04", text("os"), "(0", text("system"), "\x93)R."), "os.system"],
    "UNICODE": [bytes("\x80\x04Vos\nVsystem\n\x93)R."), "os.system"],
    "STRING": [bytes("\x80\x04S'os'\nS\"system\"\n\x93)R."), "os.system"],
    "SHORT_BINSTRING and BINSTRING": [bytes("\x80\x04U\x02osT", le(6, 4), "system\x93)R."), "os.system"],
    "BINUNICODE and BINUNICODE8": [bytes("\x80\x04X", le(2, 4), "os\x8d", le(6, 8), "system\x93)R."), "os.system"],
    "an index that was overwritten": [
      bytes("\x80\x04", text("collections"), "q\0", text("os"), "q\x000", "0h\0", text("system"), "\x93)R."),
      "os.system",
    ],
  }));

Deno.test("scanPickles() allows names, not modules", () =>
  assertImports({
    "a dotted name": [
      bytes("\x80\x04", text("torch"), text("serialization.os.system"), "\x93)R."),
      "torch.serialization.os.system",
    ],
    "a method of what is allowed": [
      bytes("\x80\x04", text("torch"), text("Tensor.__reduce__"), "\x93)R."),
      "torch.Tensor.__reduce__",
    ],
    "getattr": [bytes("\x80\x02cbuiltins\ngetattr\n."), "builtins.getattr"],
    "getattr of Python 2": [bytes("\x80\x02c__builtin__\ngetattr\n."), "__builtin__.getattr"],
    "eval": [bytes("\x80\x02cbuiltins\neval\n."), "builtins.eval"],
    "torch.load": [bytes("\x80\x02ctorch\nload\n."), "torch.load"],
    "a loader inside of torch": [
      bytes("\x80\x02ctorch.storage\n_load_from_bytes\n."),
      "torch.storage._load_from_bytes",
    ],
    "a name of every object": [bytes("\x80\x02ctorch\n__proto__\n."), "torch.__proto__"],
    "a module of every object": [bytes("\x80\x02cconstructor\nname\n."), "constructor.name"],
    "another letter case": [bytes("\x80\x02ccollections\nordereddict\n."), "collections.ordereddict"],
    "a blank": [bytes("\x80\x02ccollections\n OrderedDict\n."), "collections. OrderedDict"],
  }));

Deno.test("scanPickles() accepts the imports of checkpoints", async () => {
  const table: Readonly<Record<string, string>> = {
    "a tensor": "\x80\x02ctorch._utils\n_rebuild_tensor_v2\n(X\x01\0\0\0xQK\0)ctorch\nFloatStorage\ntR.",
    "an ordered dictionary": "\x80\x02ccollections\nOrderedDict\n)R.",
    "Python 2": "c__builtin__\nset\n((lp0\ntRp1\n.",
    "an old object": "ccopy_reg\n_reconstructor\n(cargparse\nNamespace\nc__builtin__\nobject\nNtR.",
    "the callback of a trainer": "\x80\x02cpytorch_lightning.callbacks.model_checkpoint\nModelCheckpoint\n.",
    "an array": "\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85U\x01b\x87R.",
  };
  for (const [what, content] of Object.entries(table)) {
    assertEquals(await scan(bytes(content)), { pickles: 1, imports: [], problems: [], reason: null }, what);
  }
});

Deno.test("scanPickles() flags pickles whose imports cannot be determined", () =>
  assertProblem({
    "a name that is made": [bytes("\x80\x04", text("os"), ")\x93."), /imports cannot be determined/],
    "a name with escapes": [bytes("\x80\x04V\\u006fs\nVsystem\n\x93)R."), /imports cannot be determined/],
    "a name that is too long": [
      bytes("\x80\x04X", le(300, 4), "o".repeat(300), text("x"), "\x93."),
      /imports cannot be determined/,
    ],
    "EXT1": [bytes("\x80\x02\x82\x01)R."), /by numbers of a registry/],
    "EXT2": [bytes("\x80\x02\x83\x01\x01)R."), /by numbers of a registry/],
    "EXT4": [bytes("\x80\x02\x84\x01\0\0\0)R."), /by numbers of a registry/],
    "a pickle that breaks off": [bytes("\x80\x02}q\0(K"), /it is a pickle that cannot be read to its end/],
    "an opcode that there is not": [bytes("\x80\x02}\xff."), /cannot be read to its end/],
    "an empty stack": [bytes("\x80\x02."), /cannot be read to its end/],
    "a version that there is not": [bytes("\x80\x02\x80\x06}."), /cannot be read to its end/],
    "a memo that is empty": [bytes("\x80\x02h\x01."), /cannot be read to its end/],
  }));

Deno.test("scanPickles() reports imports before a pickle breaks", () =>
  assertImports({
    "a broken end": [bytes("cos\nsystem\n(S'true'\ntR\xff\xff"), "os.system"],
    "an end that is cut off": [
      bytes("\x80\x04", text("os"), text("system"), "\x93", text("true"), "\x85R"),
      "os.system",
    ],
    "no end": [HARMFUL.subarray(0, -1), "os.system"],
    "a length behind the end": [bytes(HARMFUL.subarray(0, -1), "B\xff\xff\xff\xffx"), "os.system"],
  }));

Deno.test("scanPickles() finds pickles after others, after padding and inside others", () =>
  assertImports({
    "a second one": [bytes(HARMLESS, HARMFUL), "os.system"],
    "behind zeros": [bytes(HARMLESS, new Uint8Array(5000), HARMFUL), "os.system"],
    "behind line feeds": [bytes(HARMLESS, "\n\n \r\n", HARMFUL), "os.system"],
    "in bytes": [bytes("\x80\x03C", HARMFUL.length, HARMFUL, "."), "os.system"],
    "in long bytes": [
      bytes("\x80\x03B", le(5 + HARMFUL.length, 4), "\x80\x02", HARMFUL, "...", "."),
      "os.system",
    ],
    "in a byte array, twice": [
      bytes("\x80\x05\x96", le(4 + HARMFUL.length, 8), "\x80\x03C", HARMFUL.length, HARMFUL, "."),
      "os.system",
    ],
    "behind a line of text": [bytes("I0\n0V", "x".repeat(9000), "\n0", HARMFUL), "os.system"],
  }));

Deno.test("scanPickles() reads the five pickles at the start of old PyTorch files", async () => {
  const magic = bytes("\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.");
  const data = pattern(5000);
  assertEquals((await scan(bytes(magic, HARMLESS, HARMLESS, HARMLESS, HARMLESS, data))).reason, null);
  assertEquals((await scan(bytes(magic, HARMLESS, HARMLESS, HARMFUL, HARMLESS, data))).imports, ["os.system"]);
  assertMatch((await scan(bytes(magic, HARMLESS, HARMLESS, data))).reason!, /cannot be read to its end/);
});

Deno.test("scanPickles() scans ZIP archives, with any entry names and compression", () =>
  assertImports({
    "as PyTorch writes it": [zipOf([{ name: "archive/data.pkl", content: HARMFUL }]), "os.system"],
    "deflated": [zipOf([{ name: "archive/data.pkl", content: HARMFUL, isDeflated: true }]), "os.system"],
    "another name, deflated": [zipOf([{ name: "readme.md", content: HARMFUL, isDeflated: true }]), "os.system"],
    "deflated, behind much that is unpacked first": [
      zipOf([{ name: "a.png", content: bytes("V", "x".repeat(90_000), "\n0", HARMFUL), isDeflated: true }]),
      "os.system",
    ],
    "deflated, behind a long payload": [
      zipOf([{ name: "a.png", content: bytes("B", le(9000, 4), pattern(9000), "0", HARMFUL), isDeflated: true }]),
      "os.system",
    ],
    "deflated, a name across the first bytes": [
      zipOf([{
        name: "a.png",
        content: bytes("N0".repeat(500), "U\xff", pattern(255), "0", HARMFUL),
        isDeflated: true,
      }]),
      "os.system",
    ],
    "another name": [zipOf([{ name: "readme.md", content: HARMFUL }]), "os.system"],
    "behind others": [
      zipOf([{ name: "a/data.pkl", content: HARMLESS }, { name: "a/data/0", content: HARMFUL }]),
      "os.system",
    ],
    "an archive in an archive": [
      zipOf([{ name: "x.zip", content: zipOf([{ name: "data.pkl", content: HARMFUL }]) }]),
      "os.system",
    ],
    "a deflated archive in an archive": [
      zipOf([{ name: "x.bin", content: zipOf([{ name: "data.pkl", content: HARMFUL }]), isDeflated: true }]),
      "os.system",
    ],
    "a TAR archive in it": [
      zipOf([{ name: "x", content: tarOf([{ name: "y", content: HARMFUL }]), isDeflated: true }]),
      "os.system",
    ],
    "64-bit records": [zipOf([{ name: "a/data.pkl", content: HARMFUL }], { isWide: true }), "os.system"],
    "a pickle before it": [bytes(HARMFUL, zipOf([{ name: "a/data.pkl", content: HARMLESS }])), "os.system"],
    "an array of objects": [
      zipOf([{ name: "a.npy", content: bytes("\x93NUMPY\x01\0\x14\0{'descr': '|O', 'x'}", HARMFUL) }]),
      "os.system",
    ],
  }));

Deno.test("scanPickles() accepts archives without pickles", async () => {
  const contents: readonly Uint8Array[] = [
    zipOf([]),
    zipOf([{ name: "images/1.png", content: bytes("\x89PNG\r\n") }, {
      name: "notes.txt",
      content: bytes("cat\ndog\n"),
    }]),
    zipOf([{ name: "a/data.pkl", content: HARMLESS }, { name: "a/data/0", content: pattern(5000) }]),
    zipOf([{ name: "a/data.pkl", content: HARMLESS }], { comment: "made by hand", isWide: true }),
    zipOf([{ name: "style.safetensors", content: HARMFUL }]),
    zipOf([{
      name: "a.npy",
      content: bytes("\x93NUMPY\x01\0\x14\0{'descr': '<f4', 'x'}", pattern(500)),
      isDeflated: true,
    }]),
  ];
  for (const content of contents) assertEquals((await scan(content, "a.zip")).reason, null);
});

Deno.test("scanPickles() flags archives that programs read differently, or that are unreadable", () => {
  const content = HARMLESS;
  const part = { name: "a/data.pkl", content } as const;
  return assertProblem({
    "encrypted, as the directory says": [zipOf([{ ...part, central: { flags: 1 } }]), /an encrypted entry/],
    "encrypted, as the header says": [zipOf([{ ...part, local: { flags: 1 } }]), /an encrypted entry/],
    "another name in the header": [zipOf([{ ...part, local: { name: "b/data.pkl" } }]), /an entry with two names/],
    "a name with a zero": [
      zipOf([{ ...part, name: "a/data.pkl\0.txt" }]),
      /an entry name that some readers cut at a NUL/,
    ],
    "another method in the header": [zipOf([{ ...part, local: { method: 8 } }]), /packed in two ways/],
    "a method that nobody knows": [
      zipOf([{ ...part, local: { method: 99 }, central: { method: 99 } }]),
      /packed in a way that cannot be read/,
    ],
    "another size in the header": [zipOf([{ ...part, local: { size: 1 } }]), /an entry with two sizes/],
    "entries that share bytes": [
      zipOf([part, { ...part, name: "b", central: { offset: 0, name: "a/data.pkl" } }]),
      /entries that share bytes/,
    ],
    "an entry outside": [zipOf([{ ...part, central: { offset: 9999 } }]), /not where it should be/],
    "an entry that the directory leaves out": [
      zipOf([part, { ...part, name: "b", isHidden: true }]),
      /an entry that its directory does not list/,
    ],
    "bytes behind the end": [zipOf([part], { trailer: bytes("x") }), /does not end where its end record says/],
    "another number of entries": [zipOf([part], { count: 2 }), /a number of entries that differs from its end record/],
    "a directory elsewhere": [zipOf([part], { offset: 1 }), /a directory that is not where its end record places it/],
    "no directory": [zipOf([part]).subarray(0, -30), /a ZIP archive without a directory/],
    "deflated data that is none": [
      zipOf([{ ...part, local: { method: 8 }, central: { method: 8 } }]),
      /cannot be unpacked/,
    ],
    "an entry that nobody can read to its end": [
      zipOf([{ name: "a/data.pkl", content: bytes("\x80\x02}") }]),
      /a pickle that cannot be read to its end \(in "a\/data\.pkl"\)/,
    ],
  });
});

Deno.test("scanPickles() scans TAR archives", async () => {
  await assertImports({
    "of old PyTorch": [
      tarOf([{ name: "sys_info", content: HARMLESS }, { name: "pickle", content: HARMFUL }]),
      "os.system",
    ],
    "with other names": [tarOf([{ name: "notes", content: HARMFUL }]), "os.system"],
    "behind a link": [
      tarOf([{ name: "l", content: bytes(), type: "2" }, { name: "x", content: HARMFUL }]),
      "os.system",
    ],
  });
  await assertProblem({
    "data between pickles": [
      tarOf([{ name: "storages", content: bytes(HARMLESS, pattern(99)) }]),
      /can hide other pickles/,
    ],
    "holes": [tarOf([{ name: "x", content: bytes(), type: "S" }]), /holes/],
    "two sizes": [tarOf([{ name: "x", content: bytes("12 size=999\n"), type: "x" }]), /two sizes/],
  });
  assertEquals((await scan(tarOf([{ name: "pickle", content: HARMLESS }]))).reason, null);
});

Deno.test("scanPickles() detects by content, and skips formats without code", async () => {
  for (const name of ["a.bin", "a.yaml", "a", "a.onnx", "a.safetensors.bin"]) {
    assertEquals((await scan(HARMFUL, name)).imports, ["os.system"], name);
  }
  for (const name of ["a.safetensors", "A.GGUF", "a.sft"]) assertEquals((await scan(HARMFUL, name)).reason, null, name);
  const harmless: readonly (readonly [Uint8Array, string])[] = [
    [safetensors(500), "a.bin"],
    [gguf(3), "a.bin"],
    [pattern(5000), "a.bin"],
    [bytes("creator\nname\nconfig:\n  x: 1\n"), "a.yaml"],
    [bytes("cat\ndog\n(b\nRabbit\n"), "wildcards.txt"],
    [bytes("<html>"), "a.html"],
    [bytes(), "a.pt"],
  ];
  for (const [content, name] of harmless) assertEquals((await scan(content, name)).reason, null, name);
});

Deno.test("scanPickles() stops at its limits and names them", async () => {
  const limited = (content: Uint8Array, limits: object) => scanPickles(bytesReader(content), { name: "a.pt", limits });
  const deep = (levels: number): Uint8Array<ArrayBuffer> =>
    levels === 0 ? HARMLESS : zipOf([{ name: "x.zip", content: deep(levels - 1) }]);
  const many = Array.from({ length: 50 }, (_, index) => ({ name: `${index}`, content: HARMLESS }));
  const bomb = zipOf([{
    name: "data.pkl",
    content: bytes("\x80\x02B", le(3e6, 4), new Uint8Array(3e6), "."),
    isDeflated: true,
  }]);
  const nested = zipOf([{ name: "x.zip", content: zipOf([{ name: "y", content: pattern(9000) }]), isDeflated: true }]);
  const table: readonly (readonly [Uint8Array, object, RegExp])[] = [
    [bytes("\x80\x02", "N0".repeat(600), "N."), { opcodes: 1000 }, /more opcodes than can be examined/],
    [deep(8), {}, /nested more deeply/],
    [zipOf(many), { entries: 60 }, /more entries than/],
    [bomb, { inflatedBytes: 1e6 }, /unpacks to more/],
    [nested, { nestedArchiveBytes: 5000 }, /a packed archive of more than 5000 bytes/],
    [zipOf(many), { directoryBytes: 100 }, /a directory that is too large/],
    [bytes("\x80\x02", "N".repeat(4_000_001), "."), {}, /a larger stack than can be examined/],
  ];
  for (const [content, limits, reason] of table) assertMatch((await limited(content, limits)).reason ?? "", reason);
  assertEquals((await scan(bomb)).reason, null);
});

Deno.test("scanPickles() shows names in hostile files as one short line", async () => {
  const content = zipOf([{ name: `\x1b[2J\n${"x".repeat(500)}`, content: bytes("\x80\x04\x82\x01.") }]);
  const { reason } = await scan(content);
  assert(!/\p{Cc}/u.test(reason!), reason!);
  assert(reason!.length < 400, reason!);
  const imports = await scan(bytes("\x80\x02c\x1b[2J\u009b\n", "y".repeat(900), "\n."));
  assert(!/\p{Cc}/u.test(imports.reason!), imports.reason!);
  assert(imports.reason!.length < 200, imports.reason!);
});

Deno.test("scanPickles() lists known harmful imports first, at any position", async () => {
  const unknown = Array.from({ length: 90 }, (_, index) => `cplain${index}\nname\n0`).join("");
  const { imports, reason } = await scan(bytes("\x80\x02", unknown, "csubprocess\nPopen\n0N."));
  assertEquals([imports.length, imports[0]], [51, "subprocess.Popen"]);
  assertMatch(reason!, /^it holds a pickle that imports subprocess\.Popen, plain0\.name, .* and 46 more$/);
});

Deno.test("scanPickleFile() reads a file under its final name, and stops at its signal", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.part");
    await Deno.writeFile(path, HARMFUL);
    assertEquals((await scanPickleFile(path, { name: "a.pt" })).imports, ["os.system"]);
    assertEquals((await scanPickleFile(path, { name: "a.gguf" })).reason, null);
    const signal = AbortSignal.abort(new DOMException("over", "AbortError"));
    await assertRejects(() => scanPickleFile(path, { name: "a.pt", signal }), DOMException, "over");
  }));

Deno.test("scanPickleFile() stops if a pickle declares an impossible size", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "x.zip");
    for (const length of [2n ** 62n, 2n ** 63n, 2n ** 64n - 1n]) {
      // Protocol 4, then the opcode of bytes with a length of 64 bits.
      const content = new Uint8Array(64);
      content.set([0x80, 4, 0x8e]);
      new DataView(content.buffer).setBigUint64(3, length, true);
      await Deno.writeFile(path, content);
      assertEquals((await scanPickleFile(path, { name: "x.zip" })).pickles, 0, `${length}`);
    }
  }));
