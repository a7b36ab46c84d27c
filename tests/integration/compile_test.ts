import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseEmbeddedFiles } from "../../scripts/_embedded_files.ts";
import { readCommands } from "../helpers/pages/read_block.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What `deno compile` appends to the runtime: the settings of the program, and its file tree. */
async function readTail(executable: string, runtimeBytes: number): Promise<string> {
  using file = await Deno.open(executable);
  const { size } = await file.stat();
  assert(size > runtimeBytes, `${size} bytes`);
  await file.seek(runtimeBytes, Deno.SeekMode.Start);
  const bytes = await new Response(file.readable).bytes();
  const text = new TextDecoder("latin1").decode(bytes);
  return text.slice(text.indexOf('{"argv":'), text.indexOf('{"argv":') + 4000);
}

// The runtime for executables is on a host that some networks block; Deno itself accepts the same files.
Deno.test("deno task compile embeds the whole program and nothing else, with its permissions", () =>
  inTempDir(async (folder) => {
    const executable = join(folder, "civitai-dl");
    const place = {
      from: "deno task compile",
      to: `deno task -q compile --json -o '${executable}'`,
      because: "dist/ may have another one, and the test reads the result",
    };
    // The shell takes the comment away, which on Windows would be arguments.
    const [words] = await readCommands("docs/packaging.md", "deno task compile  ", [place]);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: words!.slice(1),
      cwd: ROOT,
      env: { DENORT_BIN: Deno.execPath(), NO_COLOR: "1" },
      stdin: "null",
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    const made = JSON.parse(new TextDecoder().decode(stdout));
    assertEquals([made.executable, made.embedded], [executable, ["civitai-dl.js"]]);

    const bundle = await Deno.readTextFile(join(folder, "civitai-dl.js"));
    // Lazily loaded modules and the hash worker; cli.ts imports none of them statically.
    const parts = [
      "not everything fits",
      "Repeat the test with snapshots, and compare them",
      "how far each file is valid, and it reads no further",
    ];
    for (const part of parts) assert(bundle.includes(part), part);
    const tail = await readTail(executable, (await Deno.stat(Deno.execPath())).size - 1);
    const settings = JSON.parse(tail.slice(0, tail.indexOf("}\0") + 1));
    assertEquals([settings.argv, settings.entrypoint_key, settings.permissions.prompt], [[], "civitai-dl.js", false]);
    for (const name of ["read", "write", "env", "sys", "net", "run"]) {
      assertEquals(settings.permissions[`allow_${name}`], [], name);
    }
    assertEquals(settings.permissions.allow_ffi, null);
    assert(settings.v8_flags.includes("--max-semi-space-size=2"));
  }));

Deno.test("parseEmbeddedFiles() reads the tree with a star at folders, and nothing without one", () => {
  const said = `Compile cli.ts to old

\x1b[1mEmbedded Files\x1b[0m

old
├─┬ .deno_compile_node_modules (77.95MB - 76.07MB unique)
│ └── nodemailer/10.6.0/* (57.51MB)
├── cli.ts (15.03KB)
└─┬ lib (327.68KB)
  └── transfer/hash_worker.js (3.1KB)

Files: 78.56MB
Metadata: 4.71KB
`;
  assertEquals(parseEmbeddedFiles(said), [
    ".deno_compile_node_modules",
    "nodemailer/10.6.0/*",
    "cli.ts",
    "lib",
    "transfer/hash_worker.js",
  ]);
  assertEquals(parseEmbeddedFiles("Compile cli.ts to old\n"), []);
});
