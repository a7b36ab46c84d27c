import { abortable } from "@std/async";
import { KitError, readReason } from "../../lib/base/mod.ts";
import { decodeText, type ModelQuery, parseTarget, parseTargetList, type Target } from "../../lib/civitai/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import type { PlanTarget } from "../../lib/downloader/mod.ts";
import type { ChoiceFlags, ClientFlags, SearchFlags, TargetFlags } from "../_frame/flags.ts";

/** The targets, and messages about lines that could not be parsed. */
export interface ReadTargets {
  /** Targets in the order of flags, files and arguments. */
  readonly targets: readonly PlanTarget[];
  /** One message per bad line. */
  readonly problems: readonly string[];
}

/** Context of {@linkcode readTargets}. */
export type TargetContext = Pick<
  CommandContext<TargetFlags & SearchFlags & ChoiceFlags & Pick<ClientFlags, "baseUrl">>,
  "flags" | "args" | "sourceOf" | "signal"
>;

/** Gather all targets: arguments, flags, files, search. */
export async function readTargets(context: TargetContext): Promise<ReadTargets> {
  const { flags, args, signal } = context;
  const hosts = targetHosts(flags.baseUrl);
  const prefixed = (kind: string, word: string): Target =>
    // The kind of a bare word is that of its flag; a URL determines its own kind.
    parseTarget(/^https?:|^urn:|\//i.test(word) ? word : `${kind}:${word}`, { hosts });
  const targets: PlanTarget[] = args.filter((word) => word !== "-").map((word) => parseTarget(word, { hosts }));
  const problems: string[] = [];
  for (const name of flags.user) targets.push(prefixed("user", name));
  for (const flag of ["model", "image", "post"] as const) {
    for (const word of flags[flag]) targets.push(prefixed(flag, word));
  }
  for (const word of flags.modelVersion) targets.push(prefixed("version", word));
  for (const word of flags.hash) targets.push(prefixed("hash", word));
  const files = [["users", "user"], ["models", "model"], ["from", "any"]] as const;
  for (const [flag, kind] of files) {
    const fromArgs = kind === "any" && args.includes("-") ? ["-"] : [];
    for (const path of [...flags[flag], ...fromArgs]) {
      const list = parseTargetList(await readText(path, flag, { signal }), { kind, source: path, hosts });
      for (const { target } of list.targets) targets.push(target);
      for (const { message } of list.problems) problems.push(message);
    }
  }
  const search = readSearch(context, targets.length + problems.length > 0);
  if (search !== null) targets.push({ type: "search", query: search });
  return { targets: orderCreators(targets, context), problems };
}

/** Hosts that targets may name in addition to Civitai: with a different --base-url, links to that host. */
export function targetHosts(baseUrl: string): readonly string[] {
  const base = URL.parse(baseUrl);
  return base === null ? [] : [base.host];
}

/** Apply --sort and --period to creators, as in a search. Refuse the flags if no target is a listing. */
function orderCreators(targets: readonly PlanTarget[], { flags, sourceOf }: TargetContext): readonly PlanTarget[] {
  const { sort, period } = flags;
  const givenFlag = ["sort", "period"].find((name) => sourceOf(name) === "flag");
  if (givenFlag !== undefined && !targets.some(({ type }) => type === "user" || type === "search")) {
    throw new KitError("usage", `Cannot use --${givenFlag}: none of the targets is a listing`, {
      hint: `Give a creator or a search, or omit --${givenFlag}`,
    });
  }
  return targets.map((target) => target.type === "user" ? { ...target, sort, period } : target);
}

/** Flags that filter the models of a creator; without a target they would list all of Civitai. */
const LISTING_FLAGS = ["type", "base-model", "sort", "period"];

function readSearch({ flags, sourceOf }: TargetContext, hasTargets: boolean): ModelQuery | null {
  const { query, tag } = flags;
  if (query === undefined && tag === undefined) {
    const givenFlag = LISTING_FLAGS.find((name) => sourceOf(name) === "flag");
    if (hasTargets || givenFlag === undefined) return null;
    if (sourceOf("limit") === undefined) {
      throw new KitError("usage", `Cannot use --${givenFlag} alone: it would list all of Civitai`, {
        hint: "Give --limit N with it, or a target",
      });
    }
  }
  return {
    query,
    tag,
    sort: flags.sort,
    period: flags.period,
    ...(flags.type.length === 0 ? {} : { types: flags.type }),
    ...(flags.baseModel.length === 0 ? {} : { baseModels: flags.baseModel }),
    ...(flags.sfw ? { nsfw: false } : {}),
  };
}

/** Read a text file, or standard input for `-`; the encoding is detected, because editors write different ones. */
export async function readText(
  path: string,
  flag: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<string> {
  try {
    // Standard input and pipes may never end.
    const bytes = path === "-"
      ? await abortable(new Response(Deno.stdin.readable).bytes(), signal)
      : await Deno.readFile(path, { signal });
    return decodeText(bytes);
  } catch (error) {
    signal.throwIfAborted();
    throw new KitError("usage", `Cannot read "${path}" of --${flag}: ${readReason(error)}`, {
      hint: "Check the path",
      cause: error,
    });
  }
}
