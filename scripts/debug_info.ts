import { resolve } from "node:path";
import { formatCount, formatSize, KitError, VERSION } from "../lib/base/mod.ts";
import { defineCommand, type Flag, renderTable } from "../lib/cli/mod.ts";
import type { DebugEntry, LeftOut } from "../lib/health/mod.ts";
import { findConfigPath } from "./_frame/settings/config_file.ts";
import { programForm } from "./_frame/program_form.ts";
import { runScript } from "./_frame/run_script.ts";
import { findToken } from "./_frame/settings/secrets.ts";
import { PLACE_FLAGS } from "./_health/health_flags.ts";

/** What is in the archive. */
interface DebugInfoResult {
  readonly path: string;
  readonly bytes: number;
  readonly entries: readonly DebugEntry[];
  readonly leftOut: readonly LeftOut[];
}

const FLAGS = [
  {
    name: "output",
    short: "o",
    type: "path",
    summary: "The ZIP file; civitai-dl-debug-YYYYMMDD-HHMMSS.zip (UTC) here by default",
    placeholder: "FILE.zip",
  },
  { name: "force", setting: "none", type: "boolean", summary: "Replace the file if it exists" },
  {
    name: "max-log-size",
    type: "size",
    summary: "Limit for each log; of a larger one, the newest part goes in",
    default: "25M",
    min: "1K",
  },
  ...PLACE_FLAGS,
] as const satisfies readonly Flag[];

/** The `debug-info` command: collects what a maintainer needs to find a fault, without secrets. */
export const command = defineCommand({
  name: "debug-info",
  group: "Operation",
  permissions: "debugInfo",
  summary: "Collect logs, state, versions and the health check in one ZIP file, without secrets",
  description: [
    "Collects logs, state files, the configuration, versions, metrics of a day, totals and last runs of the catalog, and " +
    "the result of health-check. API keys, tokens, passwords, signed URLs, addresses of webhooks, the path of the home folder, and " +
    "names of users, creators and this machine are removed; names of models stay. manifest.json has the SHA-256 of each entry, and says what was left out and why.",
    "Look through the file before you send it to anybody. Works without a network and with a corrupt state folder; --offline " +
    "makes no request at all.",
  ].join("\n\n"),
  flags: FLAGS,
  excludes: [["base-url", "sandbox"], ["offline", "sandbox"]],
  worksWithoutConfig: true,
  examples: [
    { command: "civitai-dl debug-info --output debug.zip", summary: "Collect it" },
    { command: "civitai-dl debug-info --offline --max-log-size 100M", summary: "No request, and longer logs" },
  ],
  exits: {
    2: "Invalid usage, or the file exists",
    4: "The file cannot be written, for example because the disk is full",
  },
  async run(context): Promise<DebugInfoResult> {
    const { flags, env, display, signal } = context;
    if (flags.output !== undefined && !flags.output.toLowerCase().endsWith(".zip")) {
      throw new KitError("usage", `Cannot write "${flags.output}": the name of a ZIP file ends with .zip`);
    }
    const [health, { openHealthPlace }, { openPublicRedactor }] = await Promise.all([
      import("../lib/health/mod.ts"),
      import("./_health/open_health_place.ts"),
      import("./_frame/settings/open_public_redactor.ts"),
    ]);
    await using opened = await openHealthPlace(context);
    const { place } = opened;
    const config = await findConfigPath(flags.config, env);
    const places = { library: place.library, logs: place.logs, config: config === null ? null : resolve(config) };
    const plan = await health.planDebugInfo(places, { maxLogBytes: flags.maxLogSize });
    const path = resolve(flags.output ?? `civitai-dl-debug-${stamp(place.clock.now())}.zip`);
    using area = display.openStatus();
    area.update(["Checking this installation"]);
    const { plan: lastPlan, creators } = await health.readCatalogFacts(place.library);
    const documents = await health.makeDebugDocuments(place, { plan: lastPlan, form: programForm() });
    const names = [...creators, ...await health.findNames(plan.sources, signal)];
    const redact = await openPublicRedactor(env, {
      config: flags.config,
      keys: [flags.token, place.client.token, tokenOf(flags.tokenFile, env)],
      names: [...new Set(names)],
      signal,
    });
    const head = { time: new Date(place.clock.now()).toISOString(), programVersion: VERSION };
    const { manifest, bytes } = await health.writeDebugInfo(path, { ...plan, documents, head }, {
      redact,
      signal,
      mayReplace: flags.force,
      onEntry: (name) => area.update([`Adding ${name}`]),
    });
    return { path, bytes, entries: manifest.entries, leftOut: manifest.leftOut };
  },
  render({ path, bytes, entries, leftOut }: DebugInfoResult) {
    const rows = [
      ...entries.map(({ name, bytes, note }) => ({ name, bytes, note: note ?? "" })),
      ...leftOut.map(({ name, bytes, reason }) => ({ name, bytes, note: `left out: ${reason}` })),
    ];
    const table = renderTable(rows, [
      { title: "ENTRY", value: ({ name }) => name },
      { title: "SIZE", value: ({ bytes }) => formatSize(bytes), align: "right" },
      { title: "NOTE", value: ({ note }) => note },
    ], { width: Infinity });
    const count = formatCount(entries.length, "entry", "entries");
    return `${table}${count} and the manifest, ${formatSize(bytes)}: ${path}\n` +
      "Look through it before you send it to anybody.\n";
  },
});

/** Read the key of a file that may not be readable. */
function tokenOf(file: string | undefined, env: Parameters<typeof findToken>[0]["env"]): string | undefined {
  try {
    return findToken({ file, env })?.token;
  } catch {
    // The health check reports it.
    return undefined;
  }
}

/** Format a time as `YYYYMMDD-HHMMSS`, UTC. */
function stamp(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
}

if (import.meta.main) await runScript(command);
