import { assertEquals, assertThrows } from "@std/assert";
import { resolve } from "node:path";
import { KitError } from "../../../lib/base/mod.ts";
import { installFolder } from "../../../lib/installation/mod.ts";

function find(variables: Readonly<Record<string, string>>, more: Partial<Parameters<typeof installFolder>[0]> = {}) {
  return installFolder({ env: (name) => variables[name], os: "linux", ...more });
}

Deno.test("installFolder() follows prefix, XDG_DATA_HOME, HOME in this order", () => {
  const variables = { XDG_DATA_HOME: "/data", HOME: "/home/a" };
  assertEquals(find(variables, { prefix: "here" }), resolve("here"));
  assertEquals(find(variables), "/data/civitai-dl");
  assertEquals(find({ HOME: "/home/a" }), "/home/a/.local/share/civitai-dl");
});

Deno.test("installFolder() ignores a relative XDG_DATA_HOME, and needs some home", () => {
  assertEquals(find({ XDG_DATA_HOME: "data", HOME: "/home/a" }), "/home/a/.local/share/civitai-dl");
  assertThrows(() => find({ HOME: "" }), KitError, "the home folder is unknown");
});

Deno.test("installFolder() uses LOCALAPPDATA on Windows", () => {
  assertEquals(find({ LOCALAPPDATA: "/local", HOME: "/home/a" }, { os: "windows" }), "/local/civitai-dl");
});
