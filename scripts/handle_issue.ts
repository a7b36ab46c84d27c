import { shell, VERSION } from "../lib/base/mod.ts";
import { defineCommand } from "../lib/cli/mod.ts";
import { handleIssue, type IssueAdvice, renderIssueReport } from "../lib/monitor/mod.ts";
import { runScript } from "./_frame/run_script.ts";

/** The explanation of a line, and the text of a report about it if it was asked for. */
interface HandledIssue extends IssueAdvice {
  readonly report: string | null;
}

/** The `handle-issue` command: explains a line of a log. */
export const command = defineCommand({
  name: "handle-issue",
  group: "Operation",
  summary: "Explain a line of the log and what to do",
  description: "It names the class of the failure, what it means, what to do, the next command and the page of the " +
    "runbook. --open writes the text of a report for the problems that only the developers can solve, without secrets, the path " +
    "of the home folder, and names of users, creators and this machine.",
  flags: [
    {
      name: "log-line",
      setting: "none",
      type: "string",
      summary: "One line of logs/download.log, logs/failures.jsonl, or any log",
      required: true,
      placeholder: "LINE",
    },
    { name: "open", setting: "none", type: "boolean", summary: "Write the text of a report about the line" },
  ],
  worksWithoutConfig: true,
  examples: [
    {
      command: 'civitai-dl handle-issue --log-line "$(grep ERROR logs/download.log | tail -1)"',
      summary: "The last error",
    },
    { command: "civitai-dl handle-issue --open --log-line LINE", summary: "The text of a report" },
  ],
  exits: { 0: "Explained, or the line is not recognized" },
  // Others read a report.
  isDocument: ({ report }: HandledIssue) => report !== null,
  async run({ flags, env, signal }): Promise<HandledIssue> {
    if (!flags.open) return { ...handleIssue(flags.logLine), report: null };
    const [{ findNamesIn }, { openPublicRedactor }] = await Promise.all([
      import("../lib/health/mod.ts"),
      import("./_frame/settings/open_public_redactor.ts"),
    ]);
    const names = findNamesIn(flags.logLine);
    const redact = await openPublicRedactor(env, { config: flags.config, names, signal });
    // Before anything is quoted, because a part of a secret is harder to recognize.
    const line = redact(flags.logLine);
    const advice = handleIssue(line);
    const { os, arch } = Deno.build;
    const facts = { version: VERSION, runtime: `Deno ${Deno.version.deno}`, system: `${os} ${arch}` };
    return { ...advice, report: renderIssueReport(line, advice, facts) };
  },
  render({ recognized, issue, problem, message, meaning, remedy, next, runbook, report }: HandledIssue) {
    if (report !== null) return report;
    if (!recognized) {
      return "Not recognized: the line reports no known problem\n";
    }
    const rows: readonly (readonly [name: string, value: string | null | undefined])[] = [
      ["Problem", problem === null || issue === null ? problem : `${problem} (${issue.outcome})`],
      ["File", issue?.path],
      ["Message", message],
      ["Meaning", meaning],
      ["To do", remedy],
      ["Next", next],
      ["More", runbook && `${shell`civitai-dl explain ${problem ?? ""}`} (${runbook})`],
    ];
    return rows.filter(([, value]) => value).map(([name, value]) => `${`${name}:`.padEnd(9)}${value}\n`).join("");
  },
});

if (import.meta.main) await runScript(command);
