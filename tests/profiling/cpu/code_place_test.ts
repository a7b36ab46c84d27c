import { assertEquals } from "@std/assert";
import { codePlace } from "../../../lib/profiling/mod.ts";

const place = (url: string, functionName = "f") => codePlace({ functionName, url, line: 0, column: 0 }, "/home/me/dl");

for (
  const [url, group, file] of [
    ["file:///home/me/dl/lib/transfer/http/socket.ts", "lib/transfer", "lib/transfer/http/socket.ts"],
    ["file:///home/me/dl/scripts/_frame/child.ts", "scripts", "scripts/_frame/child.ts"],
    ["file:///home/me/dl/cli.ts", "cli.ts", "cli.ts"],
    ["file:///home/me/dl-other/lib/transfer/x.ts", "other files", "/home/me/dl-other/lib/transfer/x.ts"],
    ["file:///home/me/.cache/deno/npm/registry.npmjs.org/zod/4.6.7/v4/core.js", "npm zod", "zod/v4/core.js"],
    [
      "file:///c/npm/registry.npmjs.org/@opentelemetry/api/1.10.0/a.js",
      "npm @opentelemetry/api",
      "@opentelemetry/api/a.js",
    ],
    ["file:///x/node_modules/.deno/yaml@2.9.1/node_modules/yaml/dist/a.js", "npm yaml", "yaml/dist/a.js"],
    ["file:///x/node_modules/@scope/name/a.js", "npm @scope/name", "@scope/name/a.js"],
    ["ext:deno_fs/30_fs.js", "runtime", "ext:deno_fs/30_fs.js"],
    ["node:stream", "runtime", "node:stream"],
    ["wasm://wasm/c96891be", "wasm", ""],
    ["https://deno.land/x/a.ts", "other files", "https://deno.land/x/a.ts"],
    ["file:///home/me/dl/lib/%zz.ts", "other files", "file:///home/me/dl/lib/%zz.ts"],
  ] as const
) {
  Deno.test(`codePlace() puts ${url} into ${group}`, () => {
    const found = place(url);
    assertEquals([found.group, found.file], [group, file]);
  });
}

Deno.test("codePlace() knows the names of V8 for time without a function", () => {
  const groups = ["(idle)", "(garbage collector)", "(program)", "op_fs_open_sync"].map((name) => place("", name).group);
  assertEquals(groups, ["idle", "GC", "native", "native"]);
});
