import { defineCommand } from "../lib/cli/mod.ts";
import { handleIssue, type IssueAdvice } from "../lib/monitor/mod.ts";
import { runScript } from "./_frame/run_script.ts";

/** The `handle-issue` command: explains a line of a log. */
export const command = defineCommand({
  name: "handle-issue",
  group: "Operation",
  summary: "Explain a line of the log and what to do",
  flags: [
    {
      name: "log-line",
      type: "string",
      summary: "One line of logs/download.log, logs/failures.jsonl, or any log",
      required: true,
      placeholder: "LINE",
    },
  ],
  examples: [
    {
      command: 'civitai-dl handle-issue --log-line "$(grep ERROR logs/download.log | tail -1)"',
      summary: "The last error",
    },
  ],
  exits: { 0: "Explained, or the line is not recognized" },
  run: ({ flags }) => Promise.resolve(handleIssue(flags.logLine)),
  render({ recognized, issue, line, failure, message, meaning, remedy, runbook }: IssueAdvice) {
    if (!recognized) {
      return "Not recognized: the line reports no known problem\n";
    }
    const rows: readonly (readonly [name: string, value: string | null | undefined])[] = [
      ["Class", failure === null || issue === null ? failure : `${failure} (${issue.outcome})`],
      ["Line", line],
      ["File", issue?.path],
      ["Message", message],
      ["Meaning", meaning],
      ["To do", remedy],
      ["More", runbook],
    ];
    return rows.filter(([, value]) => value).map(([name, value]) => `${`${name}:`.padEnd(9)}${value}\n`).join("");
  },
});

if (import.meta.main) await runScript(command);
