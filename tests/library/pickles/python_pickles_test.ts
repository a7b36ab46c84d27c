import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { scanPickleFile } from "../../../lib/library/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

/** Writes real pickles into the given folder without running them. */
const WRITER = `
import collections, io, os, pickle, sys, tarfile, zipfile
folder = sys.argv[1]
class Harmful:
    def __reduce__(self): return (os.system, ("true",))
class Lookup:
    def __reduce__(self): return (getattr, (dict, "clear"))
shared = "a text that is there twice"
harmless = collections.OrderedDict(a=[1, 2.5, None, (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), -5, 70000, 10 ** 300, True],
  b={"x": b"12", shared: shared}, c="y" * 300, d={1, 2}, e=frozenset([2]), f=bytearray(b"z"), g=1 + 2j, h="\\u00e9\\n'")
def write(name, content):
    with open(os.path.join(folder, name), "wb") as file: file.write(content)
for protocol in range(6):
    write(f"harmful{protocol}.pkl", pickle.dumps([harmless, Harmful()], protocol))
    write(f"lookup{protocol}.pkl", pickle.dumps(Lookup(), protocol))
    write(f"harmless{protocol}.pkl", pickle.dumps([harmless, harmless], protocol))
    write(f"inner{protocol}.pkl", pickle.dumps({"later": pickle.dumps(Harmful(), 4)}, max(3, protocol)))
def archive(name, data, packing):
    with zipfile.ZipFile(os.path.join(folder, name), "w", packing) as file:
        file.writestr("archive/data.pkl", data)
        file.writestr("archive/data/0", os.urandom(50000))
        file.writestr("archive/version", "3\\n")
for name, value in (("harmful", Harmful()), ("harmless", harmless)):
    data = pickle.dumps(value, 2)
    archive(f"{name}_stored.pt", data, zipfile.ZIP_STORED)
    archive(f"{name}_deflated.pt", data, zipfile.ZIP_DEFLATED)
    with open(os.path.join(folder, f"{name}_stream.pt"), "wb") as raw:
        class Stream(io.RawIOBase):
            def writable(self): return True
            def seekable(self): return False
            def write(self, part): return raw.write(part)
        with zipfile.ZipFile(Stream(), "w", zipfile.ZIP_DEFLATED) as file:
            with file.open("archive/data.pkl", "w", force_zip64=True) as entry: entry.write(data)
            file.writestr("archive/version", "3\\n")
    for kind, form in (("ustar", tarfile.USTAR_FORMAT), ("gnu", tarfile.GNU_FORMAT), ("pax", tarfile.PAX_FORMAT)):
        with tarfile.open(os.path.join(folder, f"{name}_{kind}.pt"), "w", format=form) as file:
            for entry, content in (("sys_info", pickle.dumps({}, 2)), ("x" * 120 + "\\u00e9", b"no pickle"), ("pickle", data)):
                info = tarfile.TarInfo(entry)
                info.size = len(content)
                if kind == "ustar" and len(entry) > 100: continue
                file.addfile(info, io.BytesIO(content))
archive("harmless_lzma.pt", pickle.dumps(1, 2), zipfile.ZIP_LZMA)
`;

const python = await new Deno.Command("python3", { args: ["-V"], stdout: "null", stderr: "null" }).output()
  .then(({ success }) => success, (error: unknown) => {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  });

Deno.test({
  name: python
    ? "scanPickleFile() reads what Python writes"
    : "scanPickleFile() reads what Python writes (skipped without python3)",
  ignore: !python,
  fn: () =>
    inTempDir(async (folder) => {
      const { success, stderr } = await new Deno.Command("python3", { args: ["-c", WRITER, folder] }).output();
      assertEquals(success, true, new TextDecoder().decode(stderr));
      const counts: Record<string, number> = {};
      for await (const { name } of Deno.readDir(folder)) {
        const { reason, imports, pickles } = await scanPickleFile(join(folder, name), { name });
        const kind = name.replace(/[_0-9.].*$/, "");
        counts[kind] = (counts[kind] ?? 0) + 1;
        if (name === "harmless_lzma.pt") assertMatch(reason!, /packed in a way that cannot be read/);
        else if (kind === "harmless") assertEquals([reason, pickles > 0], [null, true], name);
        else if (kind === "lookup") assertMatch(imports.join(), /^(?:builtins|__builtin__)\.getattr$/, name);
        else assertMatch(imports.join(), /^(?:posix|nt)\.system$/, name);
      }
      assertEquals(counts, { harmful: 12, harmless: 13, lookup: 6, inner: 6 });
    }),
});
