import { systemClock } from "../lib/base/mod.ts";
import { type CommandContext, decideColor, defineCommand, Outcome, renderResult } from "../lib/cli/mod.ts";
import type { StatusReport } from "../lib/monitor/mod.ts";
import { runScript } from "./_frame/run_script.ts";
import { chooseLanguage, type InLanguage, LANGUAGE } from "./_frame/language.ts";
import { STATUS_FLAGS, type StatusFlags } from "./_status/status_flags.ts";

type ShownStatus = StatusReport & InLanguage;

/** Time between two screens of `--watch`, in milliseconds. */
const WATCH_MS = 2000;
/** Moves to the first line and clears what is below. */
const CLEAR = "\x1b[H\x1b[J";

/** The `status` command: shows how a library and its downloads are doing, without a request and without a change. */
export const command = defineCommand({
  name: "status",
  group: "Library",
  permissions: "status",
  summary: "Show on one screen how the library and its downloads are doing",
  description: [
    "The first lines are the headline of the live page: what is wrong and what to do about it, or what goes on. Below are " +
    "the run, the mode of the engine and why, limits, hosts, alerts, the disk, the library, where the API key comes from, " +
    "and whether a monitor runs.",
    "It sends no request, changes nothing, and needs no monitor; but only a monitor or check-alerts evaluates the alert " +
    "rules: without a monitor, the screen says when that last was. --json prints the document of the page's /api/v1/status with these parts.",
  ].join("\n\n"),
  flags: STATUS_FLAGS,
  examples: [
    { command: "civitai-dl status", summary: "How is it going?" },
    { command: "civitai-dl status --watch", summary: "The same, until Ctrl-C" },
    { command: "civitai-dl status --json", summary: "For a script" },
  ],
  exits: { 0: "The status was shown, whatever it says" },
  worksWithoutConfig: true,
  async run(context): Promise<unknown> {
    const { flags, env, signal } = context;
    const { openStatusReader } = await import("./_status/open_status_reader.ts");
    using reader = openStatusReader(context);
    const language = chooseLanguage(flags.language, env);
    const read = async (): Promise<ShownStatus> => ({ ...await reader.read(), [LANGUAGE]: language });
    if (!flags.watch) return await read();
    while (!signal.aborted) {
      await show(await read(), context);
      await systemClock.sleep(WATCH_MS, { signal }).catch(() => {});
    }
    return new Outcome(undefined, undefined);
  },
  async render(result: ShownStatus, { width, color }) {
    const { renderStatus } = await import("./_status/render_status.ts");
    return renderStatus(result, { language: result[LANGUAGE], width, color, now: Date.parse(result.time) });
  },
});

/** Show one screen of `--watch`: in the place of the last one on a terminal, as one line of JSON with `--json`. */
async function show(status: ShownStatus, { flags, io, env, display }: CommandContext<StatusFlags>): Promise<void> {
  if (flags.json) return io.writeOut(`${display.redact(JSON.stringify(status))}\n`);
  const options = {
    json: false,
    redact: display.redact,
    program: "civitai-dl",
    width: io.outIsTerminal ? io.width() : Infinity,
    color: decideColor({ env, isTerminal: io.outIsTerminal }),
  };
  const pieces = await Array.fromAsync(renderResult(command, status, options));
  io.writeOut(`${io.outIsTerminal ? CLEAR : ""}${pieces.join("")}${io.outIsTerminal ? "" : "\n"}`);
}

if (import.meta.main) await runScript(command);
