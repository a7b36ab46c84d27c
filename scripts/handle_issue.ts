import { defineCommand } from "../lib/cli/mod.ts";
import { chooseLanguage, LANGUAGE_FLAG } from "./_frame/language.ts";
import { runScript } from "./_frame/run_script.ts";
import { type HandledLine, handleLine, renderHandledLine } from "./_health/handle_line.ts";

/** The `handle-issue` command: `doctor LINE` by the name that the specification gives it. */
export const command = defineCommand({
  name: "handle-issue",
  group: "Operation",
  permissions: "issueReport",
  summary: "Explain a line of the log and what to do: doctor LINE",
  description: "The explanation of doctor, by another name: the problem, what it means, what to do, the next command " +
    "and the page of the runbook. --open writes the text of a report for the problems that only the developers can " +
    "solve, without secrets, the path of the home folder, and names of users, creators and this machine.",
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
    LANGUAGE_FLAG,
  ],
  worksWithoutConfig: true,
  examples: [
    {
      command: 'civitai-dl handle-issue --log-line "$(grep ERROR logs/download.log | tail -1)"',
      summary: "The last error",
    },
  ],
  exits: { 0: "Explained, or the line is not recognized" },
  // Others read a report.
  isDocument: ({ report }: HandledLine) => report !== null,
  run: ({ flags, env, signal }): Promise<HandledLine> =>
    handleLine(flags.logLine, {
      withReport: flags.open,
      language: chooseLanguage(flags.language, env),
      env,
      config: flags.config,
      signal,
    }),
  render: renderHandledLine,
});

if (import.meta.main) await runScript(command);
