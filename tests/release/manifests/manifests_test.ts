import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import {
  executableName,
  homebrewFormula,
  parseReleaseSums,
  RELEASE_TARGETS,
  scoopManifest,
} from "../../../lib/release/mod.ts";

/** The checksum in each test: a digit for each target, repeated. */
const sumOf = (index: number) => String(index + 1).repeat(64);
const SUMS = RELEASE_TARGETS.map((target, index) => `${sumOf(index)}  ${executableName(target)}\n`).join("");
const RELEASE = { version: "1.1.0", repository: "some-owner/civitai-dl", sums: parseReleaseSums(SUMS) };
const BASE = "https://github.com/some-owner/civitai-dl/releases/download/v1.1.0";

Deno.test("parseReleaseSums() reads text and binary mode, and ignores other files", () => {
  const text = SUMS.replaceAll("  ", " *") + `${"a".repeat(64)}  civitai-dl.js\n`;
  assertEquals(parseReleaseSums(text), RELEASE.sums);
  assertEquals(Object.keys(RELEASE.sums).length, 5);
});

Deno.test("parseReleaseSums() names every executable without a checksum, or with two", () => {
  const [first, second, ...others] = SUMS.trimEnd().split("\n");
  const { message } = assertThrows(
    () => parseReleaseSums([second, second, ...others.slice(1)].join("\n")),
    KitError,
    "Cannot describe the release: ",
  );
  assertStringIncludes(message, `${first!.slice(66)} has no checksum; ${second!.slice(66)} has 2 checksums`);
  assertThrows(() => parseReleaseSums(SUMS.toUpperCase()), KitError);
});

Deno.test("homebrewFormula() gives every system its own executable and checksum", () => {
  const formula = homebrewFormula(RELEASE);
  const pairs = [...formula.matchAll(/url "([^"]+)"\n\s+sha256 "([^"]+)"/g)].map(([, url, sum]) => [url, sum]);
  assertEquals(pairs, [
    [`${BASE}/civitai-dl-aarch64-apple-darwin`, sumOf(3)],
    [`${BASE}/civitai-dl-x86_64-apple-darwin`, sumOf(2)],
    [`${BASE}/civitai-dl-aarch64-unknown-linux-gnu`, sumOf(1)],
    [`${BASE}/civitai-dl-x86_64-unknown-linux-gnu`, sumOf(0)],
  ]);
  assertStringIncludes(formula, '  version "1.1.0"\n');
  // Every block is closed.
  assertEquals(formula.match(/\bdo$|^class|^ {2}def/gm)!.length, formula.match(/^ *end$/gm)!.length);
});

Deno.test("scoopManifest() is JSON with the executable for Windows under one name", () => {
  const manifest = JSON.parse(scoopManifest(RELEASE));
  assertEquals(manifest.version, "1.1.0");
  assertEquals(manifest.architecture["64bit"], {
    url: `${BASE}/civitai-dl-x86_64-pc-windows-msvc.exe#/civitai-dl.exe`,
    hash: sumOf(4),
  });
  assertEquals(manifest.bin, "civitai-dl.exe");
  const next = manifest.autoupdate.architecture["64bit"].url.replace("$version", "1.1.0");
  assertEquals(next, manifest.architecture["64bit"].url);
});

Deno.test("executableName() differs for all targets", () => {
  assertEquals(new Set(RELEASE_TARGETS.map(executableName)).size, RELEASE_TARGETS.length);
  assert(RELEASE_TARGETS.every((target) => executableName(target).endsWith(".exe") === target.includes("windows")));
});
