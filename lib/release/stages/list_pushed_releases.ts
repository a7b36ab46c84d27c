import { type Operation, parseRef } from "../../git/mod.ts";
import { type TagForms, tryParseReleaseVersion } from "../../installation/mod.ts";

/** A tag of a version that an operation pushed. */
export interface PushedRelease {
  /** The tag, such as `v1.1.0`. */
  readonly tag: string;
  /** Name of the remote. */
  readonly remote: string;
  /** Whether the push had ended; if not, the remote may have got the tag all the same. */
  readonly isCertain: boolean;
}

/**
 * List the tags of versions that a remote got from an operation. A workflow there begins to publish them at once, so
 * taking the operation back may come too late. Tags of phases publish nothing.
 *
 * @param operation The operation; one that was undone says how far it had come
 * @param forms The forms of tags
 * @returns The tags; empty if it had not come to a push of one
 */
export function listPushedReleases(
  { steps, at }: Pick<Operation, "steps" | "at">,
  forms: TagForms,
): readonly PushedRelease[] {
  return steps.slice(0, at + 1).flatMap((step, index) => {
    if (step.type !== "push") return [];
    const tags = step.changes.flatMap(({ ref, after }) => after === null ? [] : releaseTagOf(ref, forms));
    return tags.map((tag): PushedRelease => ({ tag, remote: step.remote, isCertain: index < at }));
  });
}

function releaseTagOf(ref: string, forms: TagForms): readonly string[] {
  const { kind, name } = parseRef(ref);
  const version = kind === "tag" ? tryParseReleaseVersion(name, forms) : null;
  return version === null || version.stage === "phase" ? [] : [version.tag];
}
