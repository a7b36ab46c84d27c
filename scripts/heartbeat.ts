import { type Env, EXIT_CODES, judgeExit, KitError, shell } from "../lib/base/mod.ts";
import { openHeartbeat } from "../lib/alerts/mod.ts";
import { defineCommand } from "../lib/cli/mod.ts";
import { refuseVariables } from "./_alerts/alerts_config.ts";
import { runScript } from "./_frame/run_script.ts";

/** What was pinged. */
interface Pinged {
  /**
   * Whether the service was told that the run started, went as planned, or failed; `null` if it was told nothing, because
   * no URL is set or the run was stopped.
   */
  readonly ping: "start" | "success" | "failure" | null;
}

/** How a run ended: its exit code, or in words why it has none. */
type RunEnd = { readonly code: number } | { readonly reason: string };

/** The `heartbeat` command: pings a dead man's switch for a job that another program runs. */
export const command = defineCommand({
  name: "heartbeat",
  group: "Operation",
  // The service may be at any host, and its address may use any variable.
  permissions: { read: true, net: true, env: true },
  summary: "Ping a dead man's switch when an unattended run starts and ends",
  description:
    "A dead man's switch, such as Healthchecks, notifies you when no success is reported in time: also if the machine is " +
    "off, the timer does not fire, or the program cannot start. EVENT is start, or the exit code of the run that ended, or " +
    "the signal that killed it; systemd has both in EXIT_STATUS.\n\n" +
    "0 and 3 (a limit that you set ended the run) are a success. A run that was stopped (129, 130, 143) pings nothing, so " +
    "that the next one is waited for. Everything else is a failure: docs/guide/nas.md has the table. Without a URL, it does nothing and ends with 0, so that a unit can always call it. monitor has its own: " +
    "monitor --heartbeat.",
  args: [{ name: "EVENT", summary: "start, an exit code, or a signal" }],
  flags: [{
    name: "ping-url",
    type: "string",
    summary: "Ping URL of the check, as of Healthchecks",
    env: "CIVITAI_DL_RUN_HEARTBEAT",
    placeholder: "URL",
  }],
  worksWithoutConfig: true,
  examples: [
    {
      command: "civitai-dl heartbeat start; civitai-dl download --update --yes; civitai-dl heartbeat $?",
      summary: "A nightly job",
    },
    { command: "civitai-dl heartbeat $EXIT_STATUS", summary: "ExecStopPost= of a unit" },
  ],
  exits: { 0: "The service has the ping, or there is none to send", 6: "The service did not accept it" },
  async run({ args, flags, env, display, signal, sourceOf }): Promise<Pinged> {
    const end = parseEvent(args);
    const url = flags.pingUrl?.trim() ?? "";
    if (url === "") {
      display.notice("note: no ping: neither --ping-url nor CIVITAI_DL_RUN_HEARTBEAT is set");
      return { ping: null };
    }
    if (end !== null && "code" in end && judgeExit(end.code) === "stopped") {
      display.notice("note: no ping: the run was stopped, and the next one is waited for");
      return { ping: null };
    }
    const failures: Error[] = [];
    const heartbeat = openHeartbeat(url, {
      env: sourceOf("ping-url") === "config" ? refuseVariables("the configuration's ping-url", BY_HAND) : env,
      signal,
      runId: runIdOf(env),
      onFailure: (error) => failures.push(error),
    });
    const isAccepted = await send(heartbeat, end);
    signal.throwIfAborted();
    if (!isAccepted) throw withAdvice(failures[0]);
    if (end === null) return { ping: "start" };
    return { ping: isGood(end) ? "success" : "failure" };
  },
  render: ({ ping }: Pinged) => ping === null ? "" : `Pinged: ${ping}\n`,
});

const BY_HAND = { hint: "Set it with --ping-url or with CIVITAI_DL_RUN_HEARTBEAT" };

async function send(heartbeat: ReturnType<typeof openHeartbeat>, end: RunEnd | null): Promise<boolean> {
  if (end === null) return await heartbeat.pingStart();
  if (isGood(end)) return await heartbeat.pingSuccess(describeEnd(end));
  if ("reason" in end) return await heartbeat.pingFailure(describeEnd(end));
  return await heartbeat.pingExit(end.code, describeEnd(end));
}

function isGood(end: RunEnd): boolean {
  return "code" in end && judgeExit(end.code) === "success";
}

/** Parse the argument; `null` for the start of a run. */
function parseEvent(args: readonly string[]): RunEnd | null {
  const [word, ...others] = args;
  if (word === "start" && others.length === 0) return null;
  // systemd sets no EXIT_STATUS if the unit failed before its program started.
  if (word?.trim() === "") return { reason: "The run failed before its program started" };
  if (word !== undefined && others.length === 0) {
    if (/^\d{1,3}$/.test(word) && Number(word) <= 255) return { code: Number(word) };
    if (/^(?:SIG)?[A-Z][A-Z0-9+-]*$/.test(word)) {
      return { reason: `The run was killed by SIG${word.replace(/^SIG/, "")}` };
    }
  }
  const what = word === undefined ? "EVENT is missing" : `"${args.join(" ")}" is no event of a run`;
  throw new KitError("usage", `Cannot ping: ${what}`, {
    hint: "Give start, or the exit code of the run, such as civitai-dl heartbeat 0",
  });
}

/** The text that the service stores with the ping. */
function describeEnd(end: RunEnd): string {
  if ("reason" in end) return end.reason;
  const { code } = end;
  if (code === 0) return "The run is complete";
  if (code === EXIT_CODES.inconclusive) {
    return "A limit that you set ended the run: the next one continues (exit code 3)";
  }
  const name = Object.entries(EXIT_CODES).find(([, value]) => value === code)?.[0];
  const explained = shell`civitai-dl doctor ${String(code)}`;
  return `The run ended with ${code}${name === undefined ? "" : ` (${name})`}; what it means: ${explained}`;
}

/** systemd's id of this start of the unit, as a UUID: it is the same for the ping at the start and that at the end. */
function runIdOf(env: Env): string | null {
  const id = env("INVOCATION_ID") ?? "";
  return /^[0-9a-f]{32}$/.test(id) ? id.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-") : null;
}

function withAdvice(error: Error | undefined): Error {
  if (!(error instanceof KitError)) return new KitError("network", "Cannot ping: the service did not accept it");
  return new KitError("network", error.message, {
    hint: error.hint ?? "Check the URL, and whether this machine reaches the service",
    cause: error,
  });
}

if (import.meta.main) await runScript(command);
