import { KitError, shell } from "../../base/mod.ts";
import { findChangelogSection, isEmptySection } from "../notes/changelog.ts";
import {
  parseReleaseVersion,
  readConfigVersion,
  readManualVersion,
  type ReleaseVersion,
  type TagForms,
} from "../../installation/mod.ts";

/** All that states the version of a tagged tree. */
export interface VersionSources {
  /** The tag, such as `v1.1.0-rc.1`. */
  readonly tag: string;
  /** Content of `deno.json`, from which JSR takes the version of the package. */
  readonly config: string;
  /** Content of `CHANGELOG.md`; `null` if there is none. */
  readonly changelog: string | null;
  /** Content of the manual page; `null` if there is none. */
  readonly manual: string | null;
  /** What the program prints for `--version`. */
  readonly program: string;
  /** Message of the tag, empty for a plain one; `null` if there is no tag yet. */
  readonly message: string | null;
}

/** The trailer by which `release` records the gate that a tag passed, or why it does not count. */
const JUDGED = /^(?:Gate: .+ passed|Gate-Override: .+)$/m;

/**
 * Check that a tag, `deno.json`, the changelog, the manual page and the program say the same version, and that
 * `release` made the tag, if it exists.
 *
 * @param sources What each says
 * @param forms The forms of tags that the strategy sets; the usual ones if absent
 * @returns The version
 * @throws {KitError} `failed` with each one that disagrees; `usage` if the tag is not one of a release
 */
export function checkAgreement(sources: VersionSources, forms?: TagForms | undefined): ReleaseVersion {
  const { tag, config, changelog, manual, program, message } = sources;
  const version = parseReleaseVersion(tag, forms);
  // A phase has a tag, but is not released. A version without "v" is understood, but is no tag.
  const isPhase = version.stage === "phase";
  if (isPhase || version.tag !== tag) {
    throw new KitError("usage", `Cannot check "${tag}": it is not the tag of a release`, {
      hint: `Write it like ${isPhase ? "v1.1.0-rc.1" : version.tag}`,
    });
  }
  const problems: string[] = [];
  const said = readConfigVersion(config);
  if (said !== version.text) problems.push(`deno.json says ${said}, and so would JSR`);
  const printed = program.trim().split(/\s+/).at(-1) ?? "";
  if (printed !== version.text) problems.push(`--version prints "${program.trim()}"`);
  const page = manual === null ? null : readManualVersion(manual);
  if (page !== null && page !== version.text) problems.push(`the manual page says ${page}`);
  const section = changelog === null ? null : findChangelogSection(changelog, version.base);
  if (section === null) problems.push(`CHANGELOG.md has no section [${version.base}]`);
  else if (isEmptySection(section)) problems.push(`the section [${version.base}] of CHANGELOG.md is empty`);
  else if (section.date === null) problems.push(`the section [${version.base}] of CHANGELOG.md has no date`);
  if (message !== null && !JUDGED.test(message)) {
    problems.push('its message has no line "Gate: … passed", so "release" did not make the tag, and no gate judged it');
  }
  if (problems.length === 0) return version;
  throw new KitError("failed", `Cannot release ${tag}: ${problems.join("; ")}`, {
    hint: shell`The files of the checkout were checked; to check those of an existing tag: git switch --detach ${tag}`,
  });
}
