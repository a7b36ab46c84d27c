import { dirname, join } from "node:path";
import { KitError, type Random } from "../../lib/base/mod.ts";
import * as civitai from "../../lib/civitai/mod.ts";
import type { Model, ModelVersion } from "../../lib/civitai/mod.ts";
import { namingFacts, sidecarFacts } from "../../lib/downloader/naming_facts.ts";
import * as library from "../../lib/library/mod.ts";
import { FIXTURES, fixtureText } from "../helpers/servers/civitai_fixture.ts";
import { mutateText, pick, poison } from "./_mutate.ts";

/** How each kind of response is read, by the prefix of its fixture's name. */
const READERS: readonly (readonly [prefix: string, read: (json: unknown) => unknown])[] = [
  ["by_hash_ids", civitai.parseHashMatches],
  ["by_hash_post", civitai.parseVersionList],
  ["creators", civitai.parseCreators],
  ["enums", civitai.parseEnums],
  ["images", civitai.parseImagePage],
  ["me", civitai.parseAccount],
  ["model_version_mini", civitai.parseVersionSummary],
  ["model_version", (json) => civitai.parseVersion(json)],
  ["models", civitai.parseModelPage],
  ["model", civitai.parseModel],
  ["tags", civitai.parseTags],
];

interface Fixture {
  readonly name: string;
  readonly text: string;
  readonly read: (json: unknown) => unknown;
}

const ANSWERS: readonly Fixture[] = [...Deno.readDirSync(FIXTURES)].filter((entry) => entry.isFile).flatMap(
  ({ name }) => {
    const read = READERS.find(([prefix]) => new RegExp(`^${prefix}[_.]`).test(name) || name.startsWith(`${prefix}_`))
      ?.[1];
    return read === undefined ? [] : [{ name, text: fixtureText(name), read }];
  },
);
const REFUSALS: readonly string[] = [...Deno.readDirSync(new URL("errors/", FIXTURES))]
  .map(({ name }) => fixtureText(`errors/${name}`));

/**
 * Read one mutated response of the API as a run does, and use the result like a run: names, paths, sidecars.
 *
 * @param random Source of the mutations
 * @param root Folder for sidecars; nothing may appear outside it
 * @throws If the result is neither a response nor an error that reports the problem
 */
export async function runBodyCase(random: Random, root: string): Promise<void> {
  const kind = random();
  if (kind < 0.15) return readRefusal(random);
  const answer = pick(random, ANSWERS);
  if (kind < 0.4) return await readDamaged(answer, random, root);
  await readPoisoned(answer, random, root);
}

function readRefusal(random: Random): void {
  const text = mutateText(random, pick(random, REFUSALS));
  const status = pick(random, [200, 302, 400, 401, 403, 404, 429, 451, 500, 503]);
  const error = civitai.classifyResponse({ status, headers: new Headers(), text }, {
    what: "fetch it",
    hasToken: random() < 0.5,
    nowMs: 0,
  });
  if (/[\p{Cc}\u202e]/u.test(error.message)) throw new Error(`The message acts: ${JSON.stringify(error.message)}`);
}

async function readDamaged({ text, read }: Fixture, random: Random, root: string): Promise<void> {
  const json = refusing(() => civitai.parseLenientJson(mutateText(random, text)));
  if (json !== undefined) await useAll(refusing(() => read(json)), random, root);
}

/** One entry is poisoned: it may be lost, but no other. */
async function readPoisoned({ name, text, read }: Fixture, random: Random, root: string): Promise<void> {
  const clean = civitai.parseLenientJson(text) as { readonly items?: readonly unknown[] };
  if (clean.items === undefined || clean.items.length === 0) {
    return await useAll(refusing(() => read(poison(random, clean))), random, root);
  }
  const index = Math.floor(random() * clean.items.length);
  const items = clean.items.with(index, poison(random, clean.items[index]));
  const body = JSON.stringify({ ...clean, items });
  const parsed = read(civitai.parseLenientJson(body));
  const kept = entriesOf(parsed);
  for (const [at, other] of entriesOf(read(clean)).entries()) {
    if (at === index) continue;
    const wanted = JSON.stringify(other);
    if (!kept.some((one) => JSON.stringify(one) === wanted)) {
      throw new Error(`${name}: entry ${at} beside ${index} is lost`);
    }
  }
  await useAll(parsed, random, root);
}

function entriesOf(parsed: unknown): readonly unknown[] {
  if (Array.isArray(parsed)) return parsed;
  const { items, creators } = parsed as { readonly items?: readonly unknown[]; readonly creators?: readonly unknown[] };
  return items ?? creators ?? [];
}

async function useAll(parsed: unknown, random: Random, root: string): Promise<void> {
  if (typeof parsed !== "object" || parsed === null) return;
  const models = "versions" in parsed
    ? [parsed as Model]
    : entriesOf(parsed).filter((entry) =>
      typeof entry === "object" && entry !== null && "versions" in entry
    ) as Model[];
  for (const model of models.slice(0, 3)) {
    for (const version of model.versions.slice(0, 2)) {
      await useVersion(model, version, { root, isWritten: random() < 0.02 });
    }
  }
  for (const image of entriesOf(parsed).slice(0, 5)) {
    if (typeof image === "object" && image !== null && "url" in image) civitai.imageUrl(image as civitai.ImageItem);
  }
}

async function useVersion(
  model: Model,
  version: ModelVersion,
  { root, isWritten }: { root: string; isWritten: boolean },
): Promise<void> {
  const facts = sidecarFacts(model, version);
  const contents = [
    library.civitaiInfo(facts),
    await library.a1111Json(facts),
    await library.descriptionMarkdown(facts),
  ];
  checkInert(contents[2] as string);
  const merges = contents.map((content) =>
    typeof content === "string" ? library.mergeText(null, content) : library.mergeSidecar(null, content)
  );
  for (const file of version.files.slice(0, 3)) {
    for (const layout of ["classic", "comfyui"] as const) {
      const path = library.planPath(namingFacts(model, version, file), { layout });
      checkPath(path);
      library.foldPath(path);
      if (!isWritten || layout !== "classic") continue;
      const target = await library.resolveInside(root, library.sidecarPath(path, ".civitai.info"));
      await Deno.mkdir(dirname(target), { recursive: true });
      await Deno.writeTextFile(target, merges[0]!.content!);
      await Deno.writeTextFile(join(dirname(target), "description.md"), merges[2]!.content!);
    }
  }
}

function checkPath(path: string): void {
  const isBad = path.split("/").some((part) =>
    part === "" || part === "." || part === ".." || new TextEncoder().encode(part).length > 255
  );
  if (isBad || /[\\\p{Cc}:*?"<>|]/u.test(path)) {
    throw new Error(`The path is not safe: ${JSON.stringify(path.slice(0, 200))}`);
  }
}

/** What a Markdown reader would treat as a tag, a picture, or a link to something other than a page. */
export function checkInert(markdown: string): void {
  const text = markdown.replace(/^- Page: <https:[^>]*>$/m, "")
    .replace(/^[ >]*(?:(?:[*]|\d+\.) +)*(`{3,})\n[^]*?^[ >]*\1$/gm, "")
    .replace(/(?<![\\`])(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, "");
  const active = /(?<!\\)<|(?<!\\)!\[|(?<!\\)\]\((?!https?:|mailto:)|[\p{Cc}\u202e]/u.exec(text.replaceAll("\n", " "));
  if (active !== null) {
    throw new Error(`The description acts at ${JSON.stringify(text.slice(active.index, active.index + 80))}`);
  }
}

/** The value, or `undefined` if the parser reports that it is unreadable. */
export function refusing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof KitError) return undefined;
    throw error;
  }
}
