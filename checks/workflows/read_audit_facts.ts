import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { readConfigText } from "../../lib/config/mod.ts";
import { fillPattern, parseStrategy, type Strategy } from "../../lib/release/mod.ts";
import type { AuditFacts } from "./audit_facts.ts";

/** The list of actions that may be used, with the commits of their versions. */
const PINS_FILE = ".github/action-pins.json";
const STRATEGY_FILE = "config/branches.yml";

/**
 * Read what the rules have to know of a repository.
 *
 * @param root Root of the checkout
 * @returns Pins, tasks, and the tags that the branch strategy makes
 * @throws {KitError} `usage` if a file is missing or cannot be understood
 */
export async function readAuditFacts(root: string): Promise<AuditFacts> {
  const pins = parsePins(await readConfigText(join(root, PINS_FILE), { hint: `Write ${PINS_FILE}` }));
  const strategy = await readConfigText(join(root, STRATEGY_FILE), { hint: "Run it in the root of the checkout" });
  const config = await readConfigText(join(root, "deno.json"), { hint: "Run it in the root of the checkout" });
  const { tasks = {} } = JSON.parse(config) as { readonly tasks?: Readonly<Record<string, unknown>> };
  return { pins, tasks: Object.keys(tasks), tags: tagForms(parseStrategy(strategy, STRATEGY_FILE)) };
}

/** List one tag of each form: those of releases and their previews, and those that mark the end of a phase. */
export function tagForms(strategy: Strategy): readonly string[] {
  const releases = strategy.phases.flatMap(({ version }) =>
    ["", "-alpha", "-beta", "-rc.1"].map((preview) => `v${version}${preview}`)
  );
  const phases = strategy.branches.flatMap(({ tag }) =>
    tag === null ? [] : strategy.phases.map(({ phase, version }) => fillPattern(tag, { phase: String(phase), version }))
  );
  return [...releases, ...phases];
}

function parsePins(text: string): AuditFacts["pins"] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw badPins("it is not JSON", cause);
  }
  const pins = (value as { readonly actions?: unknown } | null)?.actions;
  if (typeof pins !== "object" || pins === null) throw badPins('it has no "actions"');
  for (const [action, versions] of Object.entries(pins)) {
    for (const [version, commit] of Object.entries(versions as object)) {
      if (!/^v\d+\.\d+\.\d+$/.test(version)) throw badPins(`"${version}" of "${action}" is not a version like v1.2.3`);
      if (!/^[0-9a-f]{40}$/.test(String(commit))) throw badPins(`${version} of "${action}" is not a full commit`);
    }
  }
  return pins as AuditFacts["pins"];
}

function badPins(reason: string, cause?: unknown): KitError {
  return new KitError("usage", `Cannot read "${PINS_FILE}": ${reason}`, {
    hint: 'Write {"version": 1, "actions": {"owner/name": {"v1.2.3": "the full commit"}}}',
    cause,
  });
}
