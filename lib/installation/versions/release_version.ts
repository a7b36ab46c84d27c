// @ts-types="@types/semver"
import semver from "semver";
import { KitError } from "../../base/mod.ts";
import { DEFAULT_TAG_FORMS, fillTagForm, type ReleaseStage, type TagForms } from "./tag_forms.ts";

/** A version of this project, as parsed from a tag or a version number. */
export interface ReleaseVersion {
  /** The number without `v`, such as `1.1.0-rc.1`. */
  readonly text: string;
  /** The tag, such as `v1.1.0-rc.1`. */
  readonly tag: string;
  /** What it is released as. */
  readonly stage: ReleaseStage;
  /** The release that it leads to, such as `1.1.0`; its own number if the stage is `stable`. */
  readonly base: string;
  /** Number of the candidate or phase; 0 for other stages. */
  readonly number: number;
}

/** Order of the stages of one release. A phase is finished before anything of its release is tagged. */
const STAGE_ORDER: Readonly<Record<ReleaseStage, number>> = { phase: 0, alpha: 1, beta: 2, candidate: 3, stable: 4 };

/**
 * Parse a version or a tag, with or without `v`.
 *
 * @param text Such as `1.1.0` or `v1.1.0-rc.1`
 * @param forms The forms of tags; those of `parseStrategy()` if the strategy is known
 * @returns The version
 * @throws {KitError} `usage` if it is not semantic versioning, or is a pre-release that this project does not make
 */
export function parseReleaseVersion(text: string, forms: TagForms = DEFAULT_TAG_FORMS): ReleaseVersion {
  const version = tryParseReleaseVersion(text, forms);
  if (version !== null) return version;
  const examples = Object.values(forms).map((form) => fillTagForm(form, "1.1.0", 1).slice(1));
  throw new KitError("usage", `Cannot use version "${text}": it is not a version of this project`, {
    hint: `Write it like ${examples.slice(0, -1).join(", ")} or ${examples.at(-1)}`,
  });
}

/**
 * Parse a version or a tag that may be anything, such as each tag of a repository.
 *
 * @param text With or without `v`
 * @param forms As in {@linkcode parseReleaseVersion}
 * @returns The version, or `null` if it is not a version of this project
 */
export function tryParseReleaseVersion(text: string, forms: TagForms = DEFAULT_TAG_FORMS): ReleaseVersion | null {
  const parsed = semver.parse(text.replace(/^v/, ""));
  if (parsed === null || parsed.build.length > 0 || parsed.version !== text.replace(/^v/, "")) return null;
  const base = `${parsed.major}.${parsed.minor}.${parsed.patch}`;
  for (const [stage, form] of Object.entries(forms) as readonly (readonly [ReleaseStage, string])[]) {
    const number = readNumber(`v${parsed.version}`, fillTagForm(form, base, 1), form.endsWith("{number}"));
    if (number !== null) return { text: parsed.version, tag: `v${parsed.version}`, stage, base, number };
  }
  return null;
}

/** Compare a tag with the first one of its form, and return its number: 0 for a form without; `null` if it is another. */
function readNumber(tag: string, first: string, isNumbered: boolean): number | null {
  if (!isNumbered) return tag === first ? 0 : null;
  const head = first.slice(0, -1);
  const digits = tag.startsWith(head) ? tag.slice(head.length) : "";
  return /^[1-9]\d*$/.test(digits) ? Number(digits) : null;
}

/**
 * Compare two versions for sorting: by release, then phase, alpha, beta, rc.1, rc.2, final. This is the precedence of
 * Semantic Versioning 2.0.0, section 11, except that a phase comes before the alpha of its release.
 *
 * @param a A version
 * @param b Another version
 * @returns Negative if `a` comes first, positive if `b` does, 0 if they are equal
 */
export function compareReleaseVersions(a: ReleaseVersion, b: ReleaseVersion): number {
  return semver.compare(a.base, b.base) || STAGE_ORDER[a.stage] - STAGE_ORDER[b.stage] || a.number - b.number;
}
