import { assertEquals, assertThrows } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { dateChangelog, findChangelogSection, isEmptySection, releaseChangelog } from "../../../lib/release/mod.ts";

const CHANGELOG = `# Changelog

What changed.

## [Unreleased]

### Added

- A flag.

### Fixed

#### Library

- A bug
  in two lines.

## [1.0.3] - 2026-01-02

- Old.

[Unreleased]: https://example.org/compare/v1.0.3...HEAD
[1.0.3]: https://example.org/compare/v1.0.2...v1.0.3
`;
const OPTIONS = { version: "1.1.0", date: "2026-11-27", previousTag: "v1.0.3" };

Deno.test("findChangelogSection() finds a section up to the next one, and tells an empty one", () => {
  assertEquals(findChangelogSection(CHANGELOG, "1.0.3"), {
    name: "1.0.3",
    date: "2026-01-02",
    line: 17,
    end: 21,
    body: "- Old.",
  });
  assertEquals(findChangelogSection(CHANGELOG, "9.9.9"), null);
  assertEquals(isEmptySection(findChangelogSection(CHANGELOG, "unreleased")!), false);
  assertEquals(isEmptySection(findChangelogSection("## [Unreleased]\n\n### Added\n\n", "Unreleased")!), true);
});

Deno.test("findChangelogSection() ignores headings in code blocks, and refuses two sections of one name", () => {
  const text = "## [Unreleased]\n\n```md\n## [1.1.0]\n```\n\n## [1.0.0]\n";
  assertEquals(findChangelogSection(text, "1.1.0"), null);
  assertThrows(() => findChangelogSection(`${text}\n## [1.0.0]\n`, "1.0.0"), KitError, "in lines 7 and 9");
});

Deno.test("releaseChangelog() moves what is unreleased below the version, and continues the links", () => {
  assertEquals(
    releaseChangelog(CHANGELOG, OPTIONS),
    CHANGELOG
      .replace("## [Unreleased]\n", "## [Unreleased]\n\n## [1.1.0] - 2026-11-27\n")
      .replace(
        "[Unreleased]: https://example.org/compare/v1.0.3...HEAD",
        "[Unreleased]: https://example.org/compare/v1.1.0...HEAD\n" +
          "[1.1.0]: https://example.org/compare/v1.0.3...v1.1.0",
      ),
  );
});

Deno.test("releaseChangelog() keeps Windows line ends, and adds no links to a file without", () => {
  const text = "# Changelog\r\n\r\n## [Unreleased]\r\n\r\n- A flag.\r\n";
  assertEquals(
    releaseChangelog(text, OPTIONS),
    "# Changelog\r\n\r\n## [Unreleased]\r\n\r\n## [1.1.0] - 2026-11-27\r\n\r\n- A flag.\r\n",
  );
});

Deno.test("releaseChangelog() appends later entries to the section that the version has, under the same headings", () => {
  const once = releaseChangelog(CHANGELOG, OPTIONS);
  const more = once.replace(
    "## [Unreleased]\n",
    "## [Unreleased]\n\n### Fixed\n\n- Third.\n\n#### Library\n\n- Second.\n\n### Added\n\n#### Engine\n\n- Fourth.\n",
  );
  const twice = releaseChangelog(more, { ...OPTIONS, date: "2026-11-28" });
  assertEquals(findChangelogSection(twice, "Unreleased")!.body, "");
  assertEquals(
    findChangelogSection(twice, "1.1.0")!.body,
    "### Added\n\n- A flag.\n\n#### Engine\n\n- Fourth.\n\n### Fixed\n\n- Third.\n\n#### Library\n\n" +
      "- A bug\n  in two lines.\n- Second.",
  );
  assertEquals(findChangelogSection(twice, "1.1.0")!.date, "2026-11-28");
  assertEquals(twice.match(/^\[/gm)!.length, 3);
  assertEquals(twice.includes("[1.1.0]: https://example.org/compare/v1.0.3...v1.1.0\n"), true);
});

Deno.test("releaseChangelog() refuses a file without unreleased entries, and names the line", () => {
  const error = assertThrows(() => releaseChangelog("# Changelog\n", OPTIONS), KitError, "no section [Unreleased]");
  assertEquals(error.code, "usage");
  assertThrows(
    () => releaseChangelog("# Changelog\n\n## [Unreleased]\n\n### Added\n\n## [1.0.0]\n", OPTIONS),
    KitError,
    "nothing is under [Unreleased] in line 3",
  );
});

Deno.test("dateChangelog() changes the date of one section only", () => {
  const text = releaseChangelog(CHANGELOG, OPTIONS);
  const dated = dateChangelog(text, { version: "1.1.0", date: "2026-12-24" });
  assertEquals(dated, text.replace("2026-11-27", "2026-12-24"));
  assertEquals(dateChangelog(text, { version: "1.2.0", date: "2026-12-24" }), text);
});
