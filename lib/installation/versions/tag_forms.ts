/**
 * What a version is released as: `alpha` and `beta` are previews, `candidate` is `-rc.N`, `stable` is the release, and
 * `phase` marks the end of a phase (`-phaseN`) and is never released.
 */
export type ReleaseStage = "alpha" | "beta" | "candidate" | "stable" | "phase";

/** A stage that is tagged for people to use. */
export type TaggedStage = Exclude<ReleaseStage, "phase">;

/** The stages that are tagged for people to use, in order. */
export const TAGGED_STAGES: readonly TaggedStage[] = ["alpha", "beta", "candidate", "stable"];

/**
 * The form of the tags of each stage, such as `v{version}-rc.{number}`: `{version}` is the release that it leads to, and
 * `{number}` counts the candidates, or is the phase. A stage that a project does not have is absent.
 */
export type TagForms = Readonly<Partial<Record<ReleaseStage, string>>>;

/** The forms of a strategy that does not say others. */
export const DEFAULT_TAG_FORMS: Readonly<Record<ReleaseStage, string>> = {
  stable: "v{version}",
  alpha: "v{version}-alpha",
  beta: "v{version}-beta",
  candidate: "v{version}-rc.{number}",
  phase: "v{version}-phase{number}",
};

/**
 * Fill the form of a stage.
 *
 * @param form Such as `v{version}-rc.{number}`
 * @param version The release, such as `1.1.0`
 * @param number The candidate or phase; unused by other forms
 * @returns The tag
 */
export function fillTagForm(form: string, version: string, number: number): string {
  return form.replace("{version}", version).replace("{number}", String(number));
}
