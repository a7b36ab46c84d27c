import { KitError } from "../lib/base/mod.ts";
import { type CommandContext, defineCommand, type Flag, type FlagsOf, type Outcome, withExit } from "../lib/cli/mod.ts";
import {
  closeIncident,
  findOpenIncident,
  type Incident,
  INCIDENT_PROBLEMS,
  type IncidentStatus,
  judgeIncident,
  noteIncident,
  renderTimeline,
  startIncident,
} from "../lib/incident/mod.ts";
import { INCIDENT_FOLDER } from "./_frame/record_in_incident.ts";
import { LIBRARY_FLAG } from "./_frame/flags.ts";
import { findStateFolder } from "./_frame/state_folder.ts";
import { runScript } from "./_frame/run_script.ts";
import { openPublicRedactor } from "./_frame/settings/open_public_redactor.ts";
import { renderIncident } from "./_incident/render_incident.ts";

const ACTIONS = ["status", "start", "note", "close"] as const;

const FLAGS = [{
  name: "problem",
  setting: "none",
  type: "choice",
  choices: INCIDENT_PROBLEMS,
  summary: "With start: what it is about; adds the step that finds its cause (default: other)",
}, LIBRARY_FLAG] as const satisfies readonly Flag[];

/** No incident is open. */
interface NoIncident {
  readonly id: null;
}

/** The incident after its last entry, and its timeline as a document. */
interface ClosedIncident extends IncidentStatus {
  readonly timeline: string;
}

/** The `incident` command: guides the user through an emergency and keeps its timeline. */
export const command = defineCommand({
  name: "incident",
  group: "Operation",
  summary: "Lead through an emergency: contain, analyze, fix, recover, with a timeline",
  description: [
    "start begins an incident and shows its steps: what to do in the first five minutes, how to find the cause within " +
    "half an hour, how to fix it, and how to return to full speed in stages. status shows which steps are done and the " +
    "next command. note adds to the timeline. close ends the incident and prints the timeline as a document.",
    "While an incident is open, every command that is run in this folder is recorded with its time and exit code, " +
    "without the values of its arguments. What you write is recorded without keys, tokens and passwords. Nothing else is " +
    "changed: each step is a command that you run, with --library for the library that it names.",
  ].join("\n\n"),
  args: [
    { name: "ACTION", summary: "What to do; status is the default", choices: [...ACTIONS] },
    { name: "TEXT", summary: "With start, note and close: what happened" },
  ],
  flags: FLAGS,
  worksWithoutConfig: true,
  examples: [
    { command: 'civitai-dl incident start --problem timeouts "all downloads hang"', summary: "Begin" },
    { command: "civitai-dl incident", summary: "What is next?" },
    { command: 'civitai-dl incident note "the provider confirms an outage"', summary: "Add to the timeline" },
    { command: 'civitai-dl incident close "the provider repaired a router" > incident.md', summary: "End" },
  ],
  exits: { 4: "An incident is open already, or none is open, or its timeline cannot be written" },
  async run(context): Promise<IncidentStatus | ClosedIncident | NoIncident | Outcome> {
    const [action = "status", words = ""] = context.args;
    const text = words === "" ? "" : await withoutSecrets(words, context);
    if (action === "start") {
      const started = await start(context, text);
      const status = judgeIncident(started, Date.now());
      await warnOfNoLibrary(context);
      if (started.recordError === null) return status;
      context.display.notice(`warning: Nothing is recorded, so no step gets its mark: ${started.recordError.message}`);
      return withExit(status, 4);
    }
    const open = await findOpenIncident(INCIDENT_FOLDER);
    if (open === undefined) {
      if (action === "status") return { id: null };
      throw new KitError("unsafe", `Cannot ${action === "note" ? "add a note" : "close"}: no incident is open here`, {
        hint: "civitai-dl incident start TEXT begins one, in the folder that has logs/",
      });
    }
    if (action === "status") return judgeIncident(open, Date.now());
    if (text.trim() === "") throw missingText(action);
    if (action === "note") {
      noteIncident(open, { text, atMs: Date.now() });
      return judgeIncident(await findOpenIncident(INCIDENT_FOLDER) ?? open, Date.now());
    }
    const closed = await closeIncident(open, { text, atMs: Date.now() });
    return { ...judgeIncident(closed, Date.now()), timeline: renderTimeline(closed) };
  },
  isDocument: (result: IncidentStatus | ClosedIncident | NoIncident) => "timeline" in result,
  render(result: IncidentStatus | ClosedIncident | NoIncident, options) {
    if (result.id === null) return "No incident is open here; civitai-dl incident start TEXT begins one\n";
    return "timeline" in result ? result.timeline : renderIncident(result, options);
  },
});

async function start({ flags }: CommandContext<FlagsOf<typeof FLAGS>>, text: string): Promise<Incident> {
  if (text.trim() === "") throw missingText("start");
  return await startIncident(INCIDENT_FOLDER, { problem: flags.problem ?? "other", text, atMs: Date.now() });
}

/** Warn early that the first step would fail, rather than when every minute counts. */
async function warnOfNoLibrary({ flags, display }: CommandContext<FlagsOf<typeof FLAGS>>): Promise<void> {
  try {
    await findStateFolder(flags);
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    display.notice(
      `warning: ${error.message}; civitai-dl incident --library FOLDER shows the steps with the folder of yours`,
    );
  }
}

/** The timeline is a document for others, who may know the people in it. */
async function withoutSecrets(
  text: string,
  { flags, env, signal }: CommandContext<FlagsOf<typeof FLAGS>>,
): Promise<string> {
  const redact = await openPublicRedactor(env, { config: flags.config, names: "keep", signal });
  return redact(text);
}

const EXAMPLES: Readonly<Record<string, string>> = {
  start: 'civitai-dl incident start "all downloads hang"',
  note: 'civitai-dl incident note "the provider confirms an outage"',
  close: 'civitai-dl incident close "the disk was full; 40 GiB freed"',
};

function missingText(action: string): KitError {
  return new KitError("usage", `Cannot ${action} without a text: say in a few words what happened`, {
    hint: `For example: ${EXAMPLES[action]}`,
  });
}

if (import.meta.main) await runScript(command);
