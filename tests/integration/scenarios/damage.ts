import { join } from "node:path";
import { seededRandom } from "../../../lib/base/mod.ts";
import { type CatalogItem, openCatalog } from "../../../lib/library/mod.ts";
import { type Sandbox, startSandbox } from "../../../lib/sandbox/mod.ts";
import { DAMAGE_KINDS, damageFile, type DamageKind, swapFiles } from "./_damage_kinds.ts";
import { downloadWords } from "./download_words.ts";
import { sha256Of } from "../../helpers/sha256_of.ts";
import { type ProgramRun, startProgram } from "../../helpers/start_program.ts";
import { doUsersWork, editSidecars, lostEdits, lostFiles } from "./_users_work.ts";

/** Options of {@linkcode runDamage}. */
export interface DamageOptions {
  readonly creators: number;
  readonly modelsPerCreator: number;
  /** Share of each kind of file that each kind of damage affects. */
  readonly share: number;
  /** Seed of the files and their damage. */
  readonly seed: number;
  /** Called with progress. */
  readonly onProgress?: (text: string) => void;
}

/** The result of the damage. */
export interface DamageFigures {
  readonly models: number;
  readonly files: number;
  readonly pictures: number;
  /** Number of damaged files by kind and damage: `truncated safetensors`. */
  readonly damaged: Readonly<Record<string, number>>;
  readonly damagedFiles: number;
  /** Kinds of files with too few files for a kind of damage. */
  readonly uncovered: readonly string[];
  /** Damaged files that the first `verify --deep` missed. */
  readonly unnamed: readonly string[];
  /** Untouched files that it named. */
  readonly namedWrongly: readonly string[];
  /** Damaged files without their old content at their old name after `repair`. */
  readonly unmended: readonly string[];
  /** What the second `verify --deep` names. */
  readonly stillNamed: readonly string[];
  /** The user's files that have changed. */
  readonly lostFiles: readonly string[];
  /** The user's edits of sidecars that another download lost. */
  readonly lostEdits: readonly string[];
  /** Untouched items that changed. */
  readonly disturbed: readonly string[];
  readonly usersFiles: number;
  readonly usersEdits: number;
  readonly usersPictures: number;
  readonly codes: Readonly<Record<"download" | "verify" | "repair" | "verifyAgain" | "downloadAgain", number>>;
  readonly seconds: Readonly<Record<"download" | "verify" | "repair" | "verifyAgain", number>>;
  /** Output of `repair`. */
  readonly repaired: string;
  readonly stderr: string;
}

/** Damage a library in every way, and let the program find and repair it. */
export async function runDamage(options: DamageOptions): Promise<DamageFigures> {
  const { creators, modelsPerCreator, seed, onProgress = () => {} } = options;
  await using sandbox = await startSandbox({
    seed,
    size: { creators, modelsPerCreator },
    outcomes: {},
    requireLogin: 0,
    versionsPerModel: { min: 1, max: 1 },
    filesPerVersion: { min: 1, max: 4 },
    fileBytes: { min: 2048, max: 65_536 },
    imagesPerVersion: { min: 1, max: 1 },
    galleryPerVersion: 2,
  });
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-damage-" });
  try {
    return await new Story(sandbox, folder, options, onProgress).run();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** An item before the damage. */
interface Before {
  readonly item: CatalogItem;
  readonly sha256: string;
  readonly mtimeMs: number;
}

class Story {
  readonly #random;
  readonly #root: string;

  constructor(
    readonly sandbox: Sandbox,
    readonly folder: string,
    readonly options: DamageOptions,
    readonly onProgress: (text: string) => void,
  ) {
    this.#random = seededRandom(options.seed);
    this.#root = join(folder, "library");
  }

  async run(): Promise<DamageFigures> {
    const words = downloadWords(this.sandbox, ["--quiet", "--files", "all"]);
    const download = await this.#program(words);
    const before = await this.#look();
    const work = await doUsersWork(this.#root, before.map(({ item }) => item));
    const edits = await editSidecars(this.#root, before.map(({ item }) => item));
    const damages = await this.#damage(before.filter(({ item }) => !work.replaced.has(item.path)));
    const verify = await this.#program(["verify", "--deep", "-o", "library"]);
    const named = namedIn(verify);
    const repair = await this.#program(["repair", "--base-url", this.sandbox.apiOrigin, "-o", "library"]);
    const verifyAgain = await this.#program(["verify", "--deep", "-o", "library"]);
    const downloadAgain = await this.#program(words);
    const isTouched = (path: string): boolean => damages.paths.has(path) || work.replaced.has(path);
    const kinds = before.map(({ item }) => item.kind);
    return {
      models: this.options.creators * this.options.modelsPerCreator,
      files: kinds.filter((kind) => kind === "file").length,
      pictures: kinds.filter((kind) => kind !== "file").length,
      damaged: damages.counts,
      damagedFiles: damages.paths.size,
      uncovered: damages.uncovered,
      unnamed: [...damages.paths].filter((path) => !named.has(path)),
      namedWrongly: [...named].filter((path) => !isTouched(path)),
      unmended: await this.#unlike(before.filter(({ item }) => damages.paths.has(item.path)), { dates: "any" }),
      stillNamed: [...namedIn(verifyAgain)],
      lostFiles: await lostFiles(work),
      lostEdits: await lostEdits(edits),
      disturbed: await this.#unlike(before.filter(({ item }) => !isTouched(item.path)), { dates: "old" }),
      usersFiles: work.files.size,
      usersEdits: edits.length,
      usersPictures: work.replaced.size,
      codes: {
        download: download.code,
        verify: verify.code,
        repair: repair.code,
        verifyAgain: verifyAgain.code,
        downloadAgain: downloadAgain.code,
      },
      seconds: {
        download: download.durationMs / 1000,
        verify: verify.durationMs / 1000,
        repair: repair.durationMs / 1000,
        verifyAgain: verifyAgain.durationMs / 1000,
      },
      repaired: repair.stdout.split("\n").slice(0, 2).join("; "),
      stderr: `${download.stderr}${repair.stderr}${downloadAgain.stderr}`.slice(-500),
    };
  }

  async #program(words: readonly string[]): Promise<ProgramRun> {
    this.onProgress(words[0]!);
    const { token, apiOrigin, storageOrigin } = this.sandbox;
    const origins = [apiOrigin, storageOrigin];
    return await startProgram(words, { folder: this.folder, env: { CIVITAI_API_KEY: token }, origins }).ended;
  }

  async #look(): Promise<readonly Before[]> {
    using catalog = openCatalog(join(this.#root, ".civitai-dl", "catalog.db"));
    const found: Before[] = [];
    for (const item of catalog.items({ states: ["done"] })) {
      const path = join(this.#root, item.path);
      found.push({ item, sha256: await sha256Of(path), mtimeMs: (await Deno.stat(path)).mtime!.getTime() });
    }
    return found;
  }

  /** Apply each kind of damage to a share of each kind of file, each file at most once. */
  async #damage(all: readonly Before[]): Promise<Damages> {
    const counts: Record<string, number> = {};
    const paths = new Set<string>();
    const uncovered: string[] = [];
    for (const [ext, group] of Map.groupBy(all, ({ item }) => kindOf(item))) {
      const free = shuffled(group, this.#random);
      const wanted = Math.max(1, Math.round(group.length * this.options.share));
      for (const kind of DAMAGE_KINDS) {
        const chosen = kind === "swapped" ? takeUnlike(free, Math.max(2, wanted)) : free.splice(0, wanted);
        if (chosen.length < (kind === "swapped" ? 2 : 1)) {
          uncovered.push(`${kind} ${ext}`);
          continue;
        }
        counts[`${kind} ${ext}`] = chosen.length;
        for (const { item } of chosen) paths.add(item.path);
        await this.#damageAll(kind, ext, chosen);
      }
    }
    return { counts, paths, uncovered };
  }

  async #damageAll(kind: DamageKind, ext: string, chosen: readonly Before[]): Promise<void> {
    const full = chosen.map(({ item }) => join(this.#root, item.path));
    if (kind === "swapped") return await swapFiles(full);
    for (const path of full) {
      // A shorter text with a new date looks like the work of an editor.
      const mayBeEdit = kind === "truncated" && SHORTENED_BY_EDITORS.has(ext);
      await damageFile({ kind, path, isDated: this.#random() < 0.5 && !mayBeEdit }, this.#random);
    }
  }

  async #unlike(expected: readonly Before[], { dates }: { readonly dates: "any" | "old" }): Promise<readonly string[]> {
    const unlike: string[] = [];
    for (const { item, sha256, mtimeMs } of expected) {
      const path = join(this.#root, item.path);
      const isSame = await sha256Of(path).catch(() => null) === sha256;
      const isOld = isSame && (dates === "any" || (await Deno.stat(path)).mtime!.getTime() === mtimeMs);
      if (!isOld) unlike.push(item.path);
    }
    return unlike;
  }
}

/** Take items of different content from a list: a picture may be in a gallery and among its poster's images. */
function takeUnlike(free: Before[], count: number): readonly Before[] {
  const taken = new Map<string, Before>();
  for (const one of free) if (taken.size < count && !taken.has(one.sha256)) taken.set(one.sha256, one);
  for (const one of taken.values()) free.splice(free.indexOf(one), 1);
  return [...taken.values()];
}

interface Damages {
  readonly counts: Readonly<Record<string, number>>;
  /** Relative to the library. */
  readonly paths: ReadonlySet<string>;
  readonly uncovered: readonly string[];
}

/** By extension; truncated names without one are classified by the API's data. */
function kindOf({ path, source }: CatalogItem): string {
  const ext = /\.([a-z0-9]+)$/i.exec(path.slice(path.lastIndexOf("/")))?.[1]?.toLowerCase();
  const { type, format } = JSON.parse(source?.startsWith("{") ? source : "{}") as Partial<Record<string, string>>;
  return ext ?? KIND_OF_FORMAT[format ?? ""] ?? KIND_OF_TYPE[type ?? ""] ?? "none";
}

const KIND_OF_FORMAT: Readonly<Record<string, string>> = {
  SafeTensor: "safetensors",
  PickleTensor: "pt",
  GGUF: "gguf",
};
const KIND_OF_TYPE: Readonly<Record<string, string>> = { Config: "yaml", Workflow: "json", Archive: "zip" };

/** Formats that do not store their length. */
const SHORTENED_BY_EDITORS: ReadonlySet<string> = new Set(["yaml", "json", "gguf"]);

/** The paths that a verify printed to standard error, one per line. */
function namedIn({ stderr }: ProgramRun): ReadonlySet<string> {
  const lines = stderr.split("\n").map((line) =>
    /^(?:missing|changed|corrupt|unreadable|unverified): (.+?): /.exec(line)?.[1]
  );
  return new Set(lines.filter((path) => path !== undefined));
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list.map((value) => ({ value, order: random() })).toSorted((a, b) => a.order - b.order)
    .map(({ value }) => value);
}
