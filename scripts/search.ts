import { EXIT_CODES, KitError } from "../lib/base/mod.ts";
import type { Model, Page, UnreadableEntry } from "../lib/civitai/mod.ts";
import { defineCommand, renderTable, withExit } from "../lib/cli/mod.ts";
import { FailureError } from "../lib/failsafe/mod.ts";
import { CLIENT_FLAGS, SEARCH_FLAGS, SFW_FLAG, TYPE_FLAG } from "./_frame/flags.ts";
import { runScript } from "./_frame/run_script.ts";
import { sayConfigured } from "./_frame/say_configured.ts";
import { openSession } from "./_frame/session.ts";

/** Maximum number of warnings about unreadable entries: more would bury the result. */
const MAX_WARNINGS = 10;

/** Flags with which a search without words browses. Only on the command line: a configuration has them for all searches. */
const BROWSING_FLAGS = ["sort", "period", "type", "base-model", "sfw", "limit"];

interface FoundModel {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly creator: string | null;
  readonly baseModel: string;
  readonly versions: number;
}

interface FoundModels {
  readonly models: readonly FoundModel[];
  /** Entries that could not be read and were skipped. */
  readonly unreadable: readonly UnreadableEntry[];
  /** Reason why the listing ended early; `null` if it did not. */
  readonly problem: string | null;
}

/** The `search` command: lists models and downloads none. */
export const command = defineCommand({
  name: "search",
  group: "Library",
  permissions: "search",
  summary: "Search models on Civitai",
  args: [{ name: "TEXT", summary: "Search words", multiple: true }],
  flags: [
    ...SEARCH_FLAGS.map((flag) => flag.name === "limit" ? { ...flag, default: 20 } : flag),
    { name: "user", type: "string", summary: "Models of this creator", placeholder: "NAME" },
    { ...TYPE_FLAG, summary: "Model types" },
    { name: "base-model", type: "string", summary: "Base models, by their exact names", multiple: true, split: "," },
    SFW_FLAG,
    ...CLIENT_FLAGS,
  ],
  excludes: [["base-url", "sandbox"]],
  unions: [["TEXT", "query", "tag", "user"]],
  examples: [
    { command: "civitai-dl search watercolor --type LORA", summary: "LoRAs about watercolor" },
    { command: "civitai-dl search --sort Newest --type LORA", summary: "The newest LoRAs" },
  ],
  async run({ flags, args, env, display, sourceOf, signal }) {
    const text = [flags.query, ...args].filter((word) => word !== undefined).join(" ");
    const { tag, user: username, limit, type: types, baseModel: baseModels, sfw, period } = flags;
    const browses = BROWSING_FLAGS.some((name) => sourceOf(name) === "flag");
    if (text === "" && tag === undefined && username === undefined && !browses) {
      throw new KitError("usage", "Cannot search: no words", {
        hint: "Give some words, --tag or --user, or browse with --sort or --type",
      });
    }
    const filters = { tag, user: username, type: types, "base-model": baseModels, sfw, period, limit };
    sayConfigured({ sourceOf, display }, { query: flags.query, ...filters });
    await using session = await openSession({ flags, env, display, sourceOf });
    const query = {
      query: text === "" ? undefined : text,
      tag,
      username,
      sort: flags.sort,
      period,
      nsfw: !sfw,
      limit: Math.min(100, limit),
      ...(types.length === 0 ? {} : { types }),
      ...(baseModels.length === 0 ? {} : { baseModels }),
    };
    const found = await readModels(session.client.listModels(query, { signal }), limit);
    const shown = found.unreadable.slice(0, MAX_WARNINGS);
    for (const { name, reason } of shown) display.notice(`warning: skipped ${name}: ${reason}`);
    const omitted = found.unreadable.length - shown.length;
    if (omitted > 0) display.notice(`warning: ${omitted} more cannot be read: --json shows all`);
    if (found.problem !== null) display.notice(`warning: ${found.problem}`);
    const isWhole = found.problem === null && found.unreadable.length === 0;
    return withExit(found, isWhole ? 0 : EXIT_CODES.failed);
  },
  exits: { 1: "The listing failed, or had entries that cannot be read; the models that were read are shown", 6: true },
  render(result: FoundModels, { width }) {
    if (result.models.length === 0) return "No models found\n";
    return renderTable(result.models, [
      { title: "ID", value: (model) => String(model.id), align: "right" },
      { title: "NAME", value: (model) => model.name },
      { title: "TYPE", value: (model) => model.type },
      { title: "BASE MODEL", value: (model) => model.baseModel },
      { title: "CREATOR", value: (model) => model.creator ?? "" },
      { title: "VERSIONS", value: (model) => String(model.versions), align: "right" },
    ], { width });
  },
});

/** Read up to `limit` models. If the listing fails, keep the models read so far; if there are none, throw the error. */
async function readModels(pages: AsyncIterable<Page<Model>>, limit: number): Promise<FoundModels> {
  const models: FoundModel[] = [];
  const unreadable: UnreadableEntry[] = [];
  try {
    for await (const page of pages) {
      for (const model of page.items) models.push(summarize(model));
      const skipped = [page.unreadable, ...page.items.map((model) => model.unreadable)];
      for (const entry of skipped.flatMap((entries) => entries ?? [])) unreadable.push(entry);
      if (models.length >= limit) break;
    }
  } catch (error) {
    if (!(error instanceof FailureError) || models.length === 0) throw error;
    return { models, unreadable, problem: error.message };
  }
  return { models: models.slice(0, limit), unreadable, problem: null };
}

function summarize(model: Model): FoundModel {
  const { id, name, type, creator, versions } = model;
  return { id, name, type, creator, baseModel: versions[0]?.baseModel ?? "", versions: versions.length };
}

if (import.meta.main) await runScript(command);
