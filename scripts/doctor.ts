import { resolve } from "node:path";
import { KitError, type Language } from "../lib/base/mod.ts";
import { type CommandContext, defineCommand, type FlagsOf, type RenderOptions } from "../lib/cli/mod.ts";
import type { Subject } from "../lib/health/mod.ts";
import { findRunbookPage, PROBLEMS, type RunbookPage, suggestRunbookPage } from "../lib/problems/mod.ts";
import { runScript } from "./_frame/run_script.ts";
import { type CheckedHealth, checkHealth, HEALTH_EXITS, HEALTH_FLAGS } from "./_health/check_health.ts";
import { type HandledLine, handleLine, renderHandledLine } from "./_health/handle_line.ts";
import { chooseLanguage } from "./_frame/language.ts";
import { renderCheckedHealth } from "./_health/render_health.ts";
import { renderPage } from "./_health/render_page.ts";
import { renderSubject } from "./_health/render_subject.ts";

const FLAGS = [
  ...HEALTH_FLAGS,
  { name: "open", setting: "none", type: "boolean", summary: "With a line: write the text of a report about it" },
] as const;

/** A page of the runbook. */
interface ExplainedCode extends RunbookPage {
  readonly language: Language;
}

/** A creator or a host. */
type ExaminedSubject = Subject & { readonly language: Language };

type Result = CheckedHealth | HandledLine | ExplainedCode | ExaminedSubject;

/** The `doctor` command: says what is wrong and what to do next, or explains a line, a code, a creator or a host. */
export const command = defineCommand({
  name: "doctor",
  group: "Library",
  permissions: "doctor",
  summary: "Say what is wrong and what to do next; explain a line, a code, a creator or a host",
  description: [
    "Without an argument, everything is checked: API, key, hosts, disk, catalog, state, runs, alerts. The first line " +
    "names the cause, the next one the command that comes next; below are all checks. The API is asked once, and not " +
    "at all while the breaker of its host is open or with --offline. Works without a network and with a corrupt state " +
    "folder. Only a file of 8 MiB is written and removed, to measure the disk.",
    "With an argument, it explains: a line of a log; a code that the program printed, such as a class of failure " +
    "(timeout), an exit code (4), an alert (HighErrorRate) or an HTTP status (429); what failed of " +
    "a creator (user:NAME) within a day; what limits a host. --open writes the text of a report about a line, without secrets, the " +
    "path of the home folder, and names of users, creators and this machine.",
  ].join("\n\n"),
  args: [{ name: "SUBJECT", summary: "A line of a log, a code, a creator or a host" }],
  flags: FLAGS,
  excludes: [["base-url", "sandbox"], ["offline", "sandbox"]],
  worksWithoutConfig: true,
  examples: [
    { command: "civitai-dl doctor", summary: "What is wrong, and what to do" },
    { command: 'civitai-dl doctor "$(grep ERROR logs/download.log | tail -1)"', summary: "The last error" },
    { command: "civitai-dl doctor timeout", summary: "A code that was printed" },
    { command: "civitai-dl doctor user:NAME", summary: "What failed of a creator" },
  ],
  exits: HEALTH_EXITS,
  // Others read a report.
  isDocument: (result: Result) => "report" in result && result.report !== null,
  async run(context): Promise<unknown> {
    const [subject] = context.args;
    if (subject === undefined) return await checkHealth(context);
    return await explain(subject, context);
  },
  render(result: Result, options: RenderOptions): string {
    if ("checks" in result) return renderCheckedHealth(result, options);
    if ("report" in result) return renderHandledLine(result);
    if ("text" in result) return renderCode(result, options);
    return renderSubject(result, options);
  },
});

async function explain(subject: string, context: CommandContext<FlagsOf<typeof FLAGS>>): Promise<Result> {
  const { flags, env, signal } = context;
  const language = chooseLanguage(flags.language, env);
  const isLine = /\s/.test(subject.trim()) || subject.startsWith("{");
  if (isLine || flags.open) {
    return await handleLine(subject, { withReport: flags.open, language, env, config: flags.config, signal });
  }
  const page = await findRunbookPage(subject, language);
  if (page !== undefined) return { ...page, language };
  const found = await examine(subject, context);
  if (found !== null) return { ...found, language };
  const near = await suggestRunbookPage(subject);
  throw new KitError("usage", `Cannot explain "${subject}": it is no code, and neither log nor library knows it`, {
    hint: near === undefined
      ? "civitai-dl doctor checks everything; a creator is user:NAME"
      : `Did you mean "${near}"? A creator is user:NAME`,
  });
}

async function examine(subject: string, context: CommandContext<FlagsOf<typeof FLAGS>>): Promise<Subject | null> {
  const [{ examineSubject }, { openHealthPlace }] = await Promise.all([
    import("../lib/health/mod.ts"),
    import("./_health/open_health_place.ts"),
  ]);
  await using opened = await openHealthPlace(context);
  return await examineSubject(subject, { ...opened.place, logs: resolve(context.flags.logs) });
}

/** A problem without a page of its own gets its sentences before the page that is about more. */
function renderCode({ language, ...page }: ExplainedCode, options: RenderOptions): string {
  const { problem } = page;
  const own = problem === null ? undefined : PROBLEMS[problem];
  if (own?.page === undefined) return renderPage(page, options);
  const { title, meaning, remedy } = own[language];
  const end = language === "ja" ? "。" : ".";
  const said = `${problem}: ${title}\n\n${meaning}${end}\n${remedy}${end}\n→ ${own.next}\n\n`;
  // That page says the same of every code.
  return said + (own.page === "exit-codes" ? `${page.path}\n` : renderPage(page, options));
}

if (import.meta.main) await runScript(command);
