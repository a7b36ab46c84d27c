import { assertEquals, assertThrows } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { findChangelogSection } from "../../../lib/release/mod.ts";
import { isEmptySection } from "../../../lib/release/notes/changelog.ts";
import { dateChangelog, releaseChangelog } from "../../../lib/release/notes/release_changelog.ts";

const CHANGELOG = `# Changelog

What changed.

## [1.1.0]

### Added

- A flag.

### Fixed

#### Library

- A bug
  in two lines.

## [1.0.3] - 2026-01-02

- Old.

[1.0.3]: https://example.org/compare/v1.0.2...v1.0.3
`;
const OPTIONS = { version: "1.2.0", date: "2026-11-27" };

Deno.test("findChangelogSection() finds a section up to the next one, and tells an empty one", () => {
  assertEquals(findChangelogSection(CHANGELOG, "1.0.3"), {
    name: "1.0.3",
    date: "2026-01-02",
    line: 17,
    end: 21,
    body: "- Old.",
  });
  assertEquals(findChangelogSection(CHANGELOG, "9.9.9"), null);
  assertEquals(isEmptySection(findChangelogSection(CHANGELOG, "1.1.0")!), false);
  assertEquals(isEmptySection(findChangelogSection("## [1.1.0]\n\n### Added\n\n", "1.1.0")!), true);
});

Deno.test("findChangelogSection() ignores headings in code blocks, and refuses two sections of one name", () => {
  const text = "## [1.2.0]\n\n```md\n## [1.1.0]\n```\n\n## [1.0.0]\n";
  assertEquals(findChangelogSection(text, "1.1.0"), null);
  assertThrows(() => findChangelogSection(`${text}\n## [1.0.0]\n`, "1.0.0"), KitError, "in lines 7 and 9");
});

Deno.test("releaseChangelog() makes the section of the version above all others", () => {
  assertEquals(
    releaseChangelog(CHANGELOG, { ...OPTIONS, entries: "### Added\n\n- More." }),
    CHANGELOG.replace("## [1.1.0]", "## [1.2.0] - 2026-11-27\n\n### Added\n\n- More.\n\n## [1.1.0]"),
  );
});

Deno.test("releaseChangelog() begins a file that has no section, and keeps Windows line ends", () => {
  for (const text of ["# Changelog", "# Changelog\r\n", "# Changelog\r\n\r\n"]) {
    const newline = text.endsWith("\n") ? "\r\n" : "\n";
    assertEquals(
      releaseChangelog(text, { ...OPTIONS, entries: "- A flag." }),
      ["# Changelog", "", "## [1.2.0] - 2026-11-27", "", "- A flag.", ""].join(newline),
      JSON.stringify(text),
    );
  }
});

Deno.test("releaseChangelog() appends later entries to the section that the version has, under the same headings", () => {
  const entries =
    "### Fixed\n\n- Third.\n\n#### Library\n\n- Second.\n\n### Added\n\n#### Engine\n\n- Fourth.\n\n### Security\n\n- Fifth.";
  const twice = releaseChangelog(CHANGELOG, { version: "1.1.0", date: "2026-11-28", entries });
  assertEquals(
    findChangelogSection(twice, "1.1.0")!.body,
    "### Added\n\n- A flag.\n\n#### Engine\n\n- Fourth.\n\n### Fixed\n\n- Third.\n\n#### Library\n\n" +
      "- A bug\n  in two lines.\n- Second.\n\n### Security\n\n- Fifth.",
  );
  assertEquals(findChangelogSection(twice, "1.1.0")!.date, "2026-11-28");
  assertEquals(twice.split("\n").slice(-6), CHANGELOG.split("\n").slice(-6));
});

Deno.test("releaseChangelog() refuses a file with a section that no release reads, and names the line", () => {
  const error = assertThrows(
    () => releaseChangelog("# Changelog\n\n## [Unreleased]\n\n- A flag.\n", { ...OPTIONS, entries: "- B." }),
    KitError,
    "line 3 begins a section [Unreleased]",
  );
  assertEquals([error.code, error.hint?.includes("changes/")], ["usage", true]);
});

Deno.test("dateChangelog() changes the date of one section only", () => {
  const dated = dateChangelog(CHANGELOG, { version: "1.1.0", date: "2026-12-24" });
  assertEquals(dated, CHANGELOG.replace("## [1.1.0]", "## [1.1.0] - 2026-12-24"));
  assertEquals(
    dateChangelog(dated, { version: "1.1.0", date: "2026-12-25" }),
    dated.replace("2026-12-24", "2026-12-25"),
  );
  assertEquals(dateChangelog(CHANGELOG, { version: "1.2.0", date: "2026-12-24" }), CHANGELOG);
});
