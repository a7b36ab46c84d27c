import { EXIT_CODES, type Language } from "../../lib/base/mod.ts";
import { type CommandContext, type ExitReason, type Flag, type FlagsOf, withExit } from "../../lib/cli/mod.ts";
import type { HealthReport, HealthStatus } from "../../lib/health/mod.ts";
import { nameOf, sayRow, titleOf } from "./say_row.ts";
import { CHECK_NAMES, PLACE_FLAGS } from "./health_flags.ts";
import { chooseLanguage, LANGUAGE_FLAG } from "../_frame/language.ts";

/** What was found. */
export interface CheckedHealth extends HealthReport {
  /** Language of the explanation. */
  readonly language: Language;
}

/** Flags of `doctor` and of `health-check`, which is `doctor` without an argument. */
export const HEALTH_FLAGS = [
  {
    name: "only",
    type: "choice",
    summary: "Only these checks",
    choices: CHECK_NAMES,
    multiple: true,
    split: ",",
    placeholder: "CHECK",
  },
  LANGUAGE_FLAG,
  ...PLACE_FLAGS,
] as const satisfies readonly Flag[];

/** What the exit codes of a check mean. */
export const HEALTH_EXITS = {
  0: "Healthy, or only warnings",
  1: "A check failed",
  3: "Nothing could be judged: all checks were skipped",
} as const;

const EXITS: Readonly<Record<HealthStatus, number>> = {
  ok: 0,
  warn: 0,
  fail: EXIT_CODES.failed,
  skipped: EXIT_CODES.inconclusive,
};

/**
 * Run the checks that the flags choose.
 *
 * @param context Context of the command
 * @returns The report, with its exit code
 */
export async function checkHealth(context: CommandContext<FlagsOf<typeof HEALTH_FLAGS>>): Promise<unknown> {
  const { flags, display, env } = context;
  const [{ HEALTH_CHECKS, runHealthChecks }, { openHealthPlace }] = await Promise.all([
    import("../../lib/health/mod.ts"),
    import("./open_health_place.ts"),
  ]);
  const language = chooseLanguage(flags.language, env);
  const names = new Set<string>(flags.only.length > 0 ? flags.only : CHECK_NAMES);
  await using opened = await openHealthPlace(context);
  const { place } = opened;
  using area = display.openStatus();
  const checks = HEALTH_CHECKS.filter(({ name }) => names.has(name)).map((check) => ({
    ...check,
    run(where: Parameters<typeof check.run>[0]) {
      area.update([language === "ja" ? check.ja : check.name]);
      return check.run(where);
    },
  }));
  const report = await runHealthChecks(place, { checks });
  const result: CheckedHealth = { ...report, language };
  return withExit(result, EXITS[report.status], explainFailure(report, flags.json ? "en" : language));
}

const WORDS: Readonly<Record<Language, (others: readonly string[]) => string>> = {
  en: (others) => `; failed too: ${others.join(", ")}`,
  ja: (others) => `。ほかに異常のある項目: ${others.join("、")}`,
};

/** Say what the first line of the result says, for a run whose output nobody sees: the cause, and what to do. */
function explainFailure({ checks, cause, time }: HealthReport, language: Language): ExitReason | undefined {
  const failed = checks.filter(({ status }) => status === "fail");
  if (failed.length === 0 || cause === null) return undefined;
  const others = failed.filter((row) => row !== cause).map((row) => nameOf(row, language));
  const more = others.length === 0 ? "" : WORDS[language](others);
  return {
    message: `${titleOf(cause, language)}: ${sayRow(cause, { language, now: Date.parse(time) }).measured}${more}`,
    hint: cause.remedy ?? undefined,
    language,
  };
}
