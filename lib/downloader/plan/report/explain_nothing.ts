import { formatCount } from "../../../base/mod.ts";
import { type Choice, DEFAULT_CHOICE, FILTER_FLAGS } from "../../choice.ts";
import type { PlanReportData } from "./plan_report.ts";

/** Options of {@linkcode explainNothing}. */
export interface ExplainNothingOptions {
  /** Counts of the plan. */
  readonly plan: Pick<
    PlanReportData,
    "models" | "versions" | "wanted" | "there" | "refused" | "problems" | "unreadable" | "removed"
  >;
  /** Filters that the plan was made with. */
  readonly choice: Choice;
  /** Whether the user named a target. */
  readonly hasTargets: boolean;
  /** Whether the catalog has no item at all. */
  readonly isEmpty: boolean;
  /** Whether the run resumes an earlier one, a listing of which may be continued where it broke off. */
  readonly resumes: boolean;
}

/**
 * Explain why a plan has nothing to fetch: without a reason, a filter that matches nothing looks like a success.
 *
 * @param options The plan, and what it was made from
 * @returns The reason, for the user; `null` if there are items to fetch or already on disk, or if the problems explain
 * it
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { DEFAULT_CHOICE, explainNothing, PlanReport } from "@civitai-dl/civitai-dl/downloader";
 *
 * const plan = { ...new PlanReport().data(), models: 2 };
 * const choice = { ...DEFAULT_CHOICE, types: ["Poses"] };
 * const reason = explainNothing({ plan, choice, hasTargets: true, isEmpty: false, resumes: false });
 * assertEquals(reason, "no version of 2 models matches --type Poses");
 * ```
 */
export function explainNothing(options: ExplainNothingOptions): string | null {
  const { plan, choice, hasTargets, isEmpty, resumes } = options;
  const { models, versions, wanted, there, refused, problems, unreadable, removed } = plan;
  if (wanted.files + wanted.images + there.count > 0) return null;
  if (!hasTargets && isEmpty) return "the library is empty: say what to fetch first";
  if (!hasTargets) return "nothing is unfinished; update looks for new versions, and a target for new models";
  if (Object.keys(refused).join() === "forgotten") {
    return "all of it is forgotten; civitai-dl forget --list says since when";
  }
  if (Object.keys(refused).length > 0) return "none of it is available now";
  if (unreadable.count > 0) return "the entries cannot be read";
  if (versions > 0) return `no file of ${formatCount(versions, "version")} matches ${join(fileFilters(choice))}`;
  if (models > 0) return `no version of ${formatCount(models, "model")} matches ${join(versionFilters(choice))}`;
  if (removed.length > 0) return "removed on Civitai; what the library has is kept";
  // The messages of the problems already explain it.
  if (problems.length > 0) return null;
  return resumes ? "all items planned before are there" : "the targets match nothing";
}

function join(filters: readonly string[]): string {
  return filters.length === 0 ? "the request: there are none" : filters.join(" ");
}

function versionFilters(choice: Choice): readonly string[] {
  const { types, baseModels, since, levels, exclude, except } = choice;
  return [
    ...describeFilter("types", types),
    ...describeFilter("baseModels", baseModels),
    ...describeFilter("since", since === null ? [] : [since.slice(0, 10)]),
    ...levels === DEFAULT_CHOICE.levels ? [] : ["the chosen maturity"],
    ...describeFilter("exclude", exclude),
    ...describeExcepted([...except.models, ...except.versions]),
  ];
}

function fileFilters(choice: Choice): readonly string[] {
  const { files, formats, fps, sizes, exclude, except } = choice;
  const isDefault = files.join() === DEFAULT_CHOICE.files.join();
  return [
    ...describeFilter("files", isDefault ? [] : files),
    ...describeFilter("formats", formats),
    ...describeFilter("fps", fps),
    ...describeFilter("sizes", sizes),
    ...describeFilter("exclude", exclude),
    ...describeExcepted(except.files),
  ];
}

function describeFilter(filter: keyof typeof FILTER_FLAGS, values: readonly string[]): readonly string[] {
  return values.length === 0 ? [] : [`--${FILTER_FLAGS[filter]} ${values.join(",")}`];
}

function describeExcepted(ids: readonly unknown[]): readonly string[] {
  return ids.length === 0 ? [] : ["what was left selected"];
}
