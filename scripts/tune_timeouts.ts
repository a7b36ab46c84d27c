import { formatCount, formatDuration, KitError, parseHostTimeout, writeAtomic } from "../lib/base/mod.ts";
import { defineCommand, renderTable, withExit } from "../lib/cli/mod.ts";
import { type TimeoutTuning, tuneTimeouts } from "../lib/diagnosis/mod.ts";
import { explainUnreadable } from "./_analyze/explain_unreadable.ts";
import { planConfigEdit } from "./_analyze/plan_config_edit.ts";
import { CONFIG_NAME, readConfigFile } from "./_frame/settings/config_file.ts";
import { runScript } from "./_frame/run_script.ts";

interface TuneResult extends TimeoutTuning {
  /** What is written to the configuration, or would be. */
  readonly change: {
    readonly path: string;
    readonly diff: string;
    readonly backup: string | null;
    readonly written: boolean;
  };
}

/** The `tune-timeouts` command: proposes timeouts by what hosts really take. */
export const command = defineCommand({
  name: "tune-timeouts",
  group: "Operation",
  permissions: "analyze",
  summary:
    "Propose a timeout for each host by how long its answers really take; --apply writes it to the configuration",
  description:
    "Reads logs/timeouts.log with its rotated files. A proposal is 1.5 times the quantile of 99 % of the waits, which " +
    "counts timed-out waits as longer than their limit. A shorter timeout than the present one takes 300 waits. --apply " +
    "writes the proposals as host-timeout to civitai-dl.yml, keeps the rest of the file, and leaves a copy in " +
    "civitai-dl.yml.bak.",
  flags: [
    {
      name: "adaptive",
      type: "boolean",
      summary: "A timeout for each host; --no-adaptive: one for all",
      default: true,
    },
    {
      name: "log-file",
      type: "path",
      summary: "The log, or - for standard input",
      placeholder: "FILE",
      default: "logs/timeouts.log",
    },
    { name: "apply", setting: "none", type: "boolean", summary: "Write the timeouts to the configuration" },
  ],
  examples: [
    { command: "civitai-dl tune-timeouts --adaptive --log-file logs/timeouts.log", summary: "Show proposals" },
    { command: "civitai-dl tune-timeouts --apply", summary: "Write them to civitai-dl.yml" },
  ],
  exits: {
    0: "There is a proposal for each host and step of the log",
    2: "The log or the configuration is missing, unreadable or wrong",
    3: "Not enough waits for at least one shorter timeout; the others are still written",
  },
  async run({ flags, env, signal }) {
    const { logFile, adaptive, apply } = flags;
    const tuning = await explainUnreadable(
      logFile,
      () => tuneTimeouts({ path: logFile, byHost: adaptive, signal }),
    );
    const chosen = tuning.proposals.filter(({ missing }) => missing === 0);
    const file = await readConfigFile(flags.config, env, { signal });
    const path = file?.path ?? CONFIG_NAME;
    const source = file === null ? "" : await Deno.readTextFile(path, { signal });
    const sections = Object.entries(file?.values ?? {}).filter(([, value]) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, "host-timeout")
    );
    if (sections.length > 0 && chosen.length > 0) {
      throw new KitError(
        "usage",
        `Cannot change "${path}": its section "${sections[0]![0]}" has its own host-timeout`,
        {
          hint: "Move these entries to the top level of the file",
        },
      );
    }
    const { text, diff } = planConfigEdit(
      source,
      chosen.map(({ host, step, proposedMs }) => ({
        ...parseHostTimeout(`${host} ${step} ${proposedMs / 1000}s`),
      })),
    );
    const isWritten = apply && text !== source;
    const backup = isWritten && file !== null ? `${path}.bak` : null;
    if (isWritten) {
      const mode = file === null ? 0o666 : (await Deno.stat(path)).mode ?? 0o600;
      if (backup !== null) await writeAtomic(backup, source, { mode: mode & 0o777 });
      await writeAtomic(path, text, file === null ? {} : { mode: mode & 0o777 });
    }
    const result: TuneResult = { ...tuning, change: { path, diff, backup, written: isWritten } };
    return withExit(result, chosen.length > 0 && chosen.length === tuning.proposals.length ? 0 : 3);
  },
  render({ proposals, files, lines, broken, change }: TuneResult, { width }) {
    const source = files.map(({ path }) => path).join(", ");
    const left = broken === 0 ? "" : `Note: ${formatCount(broken, "line")} of the log could not be read\n`;
    if (proposals.length === 0) return `Not enough data: no waits in ${source}\n${left}`;
    const table = renderTable(proposals, [
      { title: "HOST", value: ({ host }) => host },
      { title: "STEP", value: ({ step }) => step },
      { title: "NOW", value: ({ currentMs }) => formatDuration(currentMs), align: "right" },
      { title: "PROPOSED", value: ({ proposedMs }) => formatDuration(proposedMs), align: "right" },
      {
        title: "P99",
        value: ({ quantileMs }) => quantileMs === null ? "> limit" : formatDuration(quantileMs),
        align: "right",
      },
      { title: "WAITS", value: ({ waits }) => waits, align: "right" },
      { title: "TIMEOUTS", value: ({ timeouts }) => timeouts, align: "right" },
      { title: "VERDICT", value: ({ missing }) => missing === 0 ? "enough data" : `not enough data: ${missing} more` },
    ], { width });
    const outages = proposals.reduce((sum, proposal) => sum + proposal.outages, 0);
    const note = outages === 0 ? "" : `Note: ${outages} timeouts of outages were left out: the host answered nobody\n`;
    const backup = change.backup === null ? "" : `; before: ${change.backup}`;
    const edit = change.diff === ""
      ? "Nothing to change in the configuration\n"
      : `${
        change.written ? `Written to ${change.path}${backup}` : `--apply would write to ${change.path}`
      }:\n${change.diff}`;
    return `${formatCount(lines, "line")} of ${source}\n\n${table}\n${note}${left}${edit}`;
  },
});

if (import.meta.main) await runScript(command);
