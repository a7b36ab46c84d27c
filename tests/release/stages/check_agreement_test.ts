import { assert, assertEquals, assertThrows } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { checkAgreement, type VersionSources } from "../../../lib/release/mod.ts";

/** What everything says in the tree of v1.1.0-rc.1. */
const AGREED: VersionSources = {
  tag: "v1.1.0-rc.1",
  config: '{ "version": "1.1.0-rc.1" }',
  changelog: "## [1.1.0] - 2026-11-27\n\n- A flag.\n\n## [1.0.3] - 2026-01-01\n\n- Old.\n",
  manual: '.TH "X" 1 "2026-11-25" "civitai-dl 1.1.0-rc.1"\n',
  program: "civitai-dl 1.1.0-rc.1\n",
  message: null,
};

Deno.test("checkAgreement() accepts a candidate and a release on which everything agrees", () => {
  assertEquals(checkAgreement(AGREED).text, "1.1.0-rc.1");
  const released = JSON.parse(JSON.stringify(AGREED).replaceAll("-rc.1", "")) as VersionSources;
  assertEquals(checkAgreement(released).text, "1.1.0");
  assertEquals(checkAgreement({ ...AGREED, manual: null }).text, "1.1.0-rc.1");
  for (const trailer of ["Gate: deno task gate --phase 1 passed", "Gate-Override: a reason"]) {
    assertEquals(checkAgreement({ ...AGREED, message: `v1.1.0-rc.1\n\n${trailer}\n` }).text, "1.1.0-rc.1");
  }
});

const DISAGREEMENTS: Readonly<Record<string, readonly [change: Partial<VersionSources>, said: string]>> = {
  "deno.json has the version of the release": [{ config: '{ "version": "1.1.0" }' }, "deno.json says 1.1.0"],
  "deno.json has another candidate": [{ config: '{ "version": "1.1.0-rc.2" }' }, "deno.json says 1.1.0-rc.2"],
  "deno.json writes the version with v": [{ config: '{ "version": "v1.1.0-rc.1" }' }, "deno.json says v1.1.0-rc.1"],
  "the changelog is missing": [{ changelog: null }, "CHANGELOG.md has no section [1.1.0]"],
  "the changelog has only the release before": [
    { changelog: "## [1.0.3] - 2026-01-01\n\n- Old.\n" },
    "CHANGELOG.md has no section [1.1.0]",
  ],
  "the changelog has the entries still below Unreleased": [
    { changelog: "## [Unreleased]\n\n- A flag.\n" },
    "CHANGELOG.md has no section [1.1.0]",
  ],
  "the changelog's section is empty": [
    { changelog: "## [1.1.0] - 2026-11-27\n\n### Added\n" },
    "the section [1.1.0] of CHANGELOG.md is empty",
  ],
  "the changelog's section has no date": [
    { changelog: "## [1.1.0]\n\n- A.\n" },
    "the section [1.1.0] of CHANGELOG.md has no date",
  ],
  "the manual page has the version of the release": [
    { manual: '.TH "X" 1 "2026-11-25" "civitai-dl 1.1.0"\n' },
    "the manual page says 1.1.0",
  ],
  "--version prints the release before": [{ program: "civitai-dl 1.0.3" }, '--version prints "civitai-dl 1.0.3"'],
  "--version prints nothing": [{ program: "" }, '--version prints ""'],
  "the tag is of another candidate": [{ tag: "v1.1.0-rc.2" }, "deno.json says 1.1.0-rc.1"],
  "somebody made the tag by hand": [{ message: "v1.1.0-rc.1\n" }, '"release" did not make the tag'],
  "the tag is a plain one": [{ message: "" }, '"release" did not make the tag'],
  "the tag names a gate that did not pass": [{ message: "v1.1.0-rc.1\n\nGate: deno task gate\n" }, "no gate judged it"],
  "the tag is of the release": [{ tag: "v1.1.0" }, "deno.json says 1.1.0-rc.1"],
};

for (const [what, [change, said]] of Object.entries(DISAGREEMENTS)) {
  Deno.test(`checkAgreement() fails if ${what}`, () => {
    const error = assertThrows(() => checkAgreement({ ...AGREED, ...change }), KitError, said);
    assertEquals([error.code, error.exitCode], ["failed", 1]);
  });
}

Deno.test("checkAgreement() names everything that disagrees in one message", () => {
  const error = assertThrows(
    () => checkAgreement({ ...AGREED, config: '{ "version": "1.0.3" }', changelog: null, program: "civitai-dl 1.0.3" }),
    KitError,
  );
  for (const said of ["deno.json says 1.0.3", "--version prints", "no section [1.1.0]"]) {
    assert(error.message.includes(said), error.message);
  }
});

for (const tag of ["1.1.0-rc.1", "v1.1.0-phase1", "main", "v1.1", "v1.1.0-gamma"]) {
  Deno.test(`checkAgreement() refuses ${tag}, which is not the tag of a release`, () => {
    assertEquals(assertThrows(() => checkAgreement({ ...AGREED, tag }), KitError).code, "usage");
  });
}
