import { judgeByLoad, judgeByPairs } from "../_judged.ts";
import { replace, type Sabotage } from "./_sabotage.ts";

/** The fewest rounds that are judged. They show a strong defect, and are too few to prove its absence. */
export const FEW_ROUNDS: readonly string[] = ["--profile", "resilient", "--rounds", "20"];
/** One run, large enough that the start of the program is not what is measured. */
export const SMALL_LOAD: readonly string[] = [
  ...["--files", "40", "--bytes", "1G", "--creators", "4", "--runs", "1"],
];

/** Defects of one profile, and of a whole library. */
export const SABOTAGES_OF_PROFILES_AND_LOADS: readonly Sabotage[] = [
  {
    // All profiles but stable refuse every tenth file.
    name: "weaker-profile",
    edits: [
      replace(
        "lib/downloader/fetch/fetch_item.ts",
        "  using _claim = await reserveItem(context, item, path);\n",
        "  using _claim = await reserveItem(context, item, path);\n" +
          '  if (terms.profile.name !== "stable" && (item.fileId ?? 1) % 10 === 0) {\n' +
          '    throw new FailureError("rejected", "Cannot fetch: sabotaged", { retryable: false });\n  }\n',
      ),
    ],
    judge: (copy) => judgeByPairs(copy, FEW_ROUNDS),
    meant: "failure_rate",
    says: /; profile: \S+: rejected: Cannot fetch: sabotaged/,
    also: ["recovery_rate", "improvement"],
  },
  {
    name: "half-the-load",
    edits: [
      replace(
        "lib/downloader/plan/plan_model.ts",
        "const versions = withoutForgottenVersions(context, model, chooseVersions(model, choice, options));",
        "if (model.id % 2 === 0) return [];\n  const versions = withoutForgottenVersions(context, model, chooseVersions(model, choice, options));",
      ),
    ],
    judge: (copy) => judgeByLoad(copy, SMALL_LOAD),
    meant: "load_success",
    says: /; \S+: not planned/,
    also: ["load_runs"],
  },
];
