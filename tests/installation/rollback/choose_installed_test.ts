import { assertEquals, assertThrows } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { chooseInstalled, defaultMode, type InstalledVersion } from "../../../lib/installation/mod.ts";

function installed(name: string): InstalledVersion {
  return {
    name,
    tag: `v${name}`,
    sha: "0".repeat(40),
    form: "bundle",
    sha256: "0".repeat(64),
    patchSha256: null,
    catalogVersion: 1,
    builtAt: "2026-01-02T03:04:05.000Z",
  };
}

const INSTALLATION = {
  folder: "/versions",
  current: "1.1.0",
  previous: "1.0.3",
  versions: [installed("1.1.0"), installed("1.0.3"), installed("1.0.0")],
};

Deno.test("defaultMode() is install if a version is in use", () => {
  assertEquals([defaultMode(INSTALLATION), defaultMode({ current: null })], ["install", "worktree"]);
});

Deno.test("chooseInstalled() takes the version that was in use before, or the one that is named", () => {
  assertEquals(chooseInstalled(INSTALLATION, undefined).tag, "v1.0.3");
  assertEquals(chooseInstalled(INSTALLATION, "v1.0.0").name, "1.0.0");
});

Deno.test("chooseInstalled() says what is installed if that version is not", () => {
  const unknown = assertThrows(() => chooseInstalled(INSTALLATION, "v2.0.0"), KitError);
  assertEquals([unknown.code, unknown.message, unknown.hint], [
    "usage",
    'Cannot go back: "v2.0.0" is not installed, and there is no repository here',
    "Installed: 1.1.0, 1.0.3, 1.0.0",
  ]);
  const none = assertThrows(
    () => chooseInstalled({ ...INSTALLATION, previous: null, versions: [] }, undefined),
    KitError,
  );
  assertEquals([none.message, none.hint], [
    "Cannot go back: no version was in use before this one, and there is no repository here",
    "Nothing is installed; run it in a checkout of the project",
  ]);
});
