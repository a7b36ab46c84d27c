import type { UnreadableEntry } from "../../../civitai/mod.ts";
import type { FailureClass } from "../../../failsafe/mod.ts";
import type { TargetIdentity } from "../target_name.ts";
import type { ItemOutcome, ListingCompleteness } from "../../download_event.ts";

/** Maximum number of examples of each kind that are kept; the others are only counted. */
const MAX_EXAMPLES = 20;
/** Maximum number of unreadable entries that are kept; the others are only counted. */
const MAX_UNREADABLE = 1000;

/** An entry of a response that cannot be read, and the listing or model that contains it. */
export interface UnreadableItem extends UnreadableEntry {
  /** Name of the listing or model that contains the entry. */
  readonly target: string;
}

/** Entries of the API's responses that could not be read. */
export interface UnreadableData {
  /** Number of all such entries. */
  readonly count: number;
  /** The first thousand of them. */
  readonly entries: readonly UnreadableItem[];
}

/** A file that is flagged as dangerous. */
export interface FlaggedFile {
  /** Path that the file has or would have, relative to the library. */
  readonly path: string;
  /** Reason for the flag, as shown to the user. */
  readonly reason: string;
}

/** The model, version or file that a target names. */
export interface NamedTarget {
  /** Name of the target. */
  readonly target: string;
  /** Id of the model. */
  readonly modelId: number;
  /** Id of the version; `null` if the target names the whole model. */
  readonly versionId: number | null;
  /** Id of the file; `null` if the target names no single file. */
  readonly fileId: number | null;
}

/** Counts of a plan under way; see {@linkcode PlanReport.countsSoFar}. */
export interface PlanCounts {
  /** Items that are to be fetched or already on disk. */
  readonly found: number;
  /** Items that are refused, except for early access. */
  readonly refused: number;
  /** Reason for the last refusal; `null` if there was none. */
  readonly lastReason: string | null;
}

/** A version that is not available now and lists no files, so that the catalog has no items for it. */
export interface RefusedVersion {
  /** Id of the model. */
  readonly modelId: number;
  /** Name of the model. */
  readonly modelName: string;
  /** Id of the version. */
  readonly versionId: number;
  /** Name of the version. */
  readonly versionName: string;
  /** Whether it becomes available later by itself, or not. */
  readonly state: "deferred" | "refused";
  /** Name of the outcome. */
  readonly outcome: ItemOutcome;
  /** Reason for the refusal, as shown to the user. */
  readonly reason: string;
}

/** A model of the library that the site no longer has, or of which it no longer has a version or a file. */
export interface RemovedModel {
  /** Id of the model. */
  readonly modelId: number;
  /** Name of the model when it was last listed; `null` when unknown. */
  readonly name: string | null;
  /** The version, if only that or a file of it is gone; absent if the model is. */
  readonly version?: { readonly id: number; readonly name: string };
  /** The file, by its key in the catalog, if only that is gone. */
  readonly file?: { readonly key: string; readonly name: string };
  /** Number of model files of what is gone in the library, which are kept. */
  readonly keptFiles: number;
  /** Whether to tell the user: it was found by this run, or a target names it. */
  readonly isNews: boolean;
}

/** A target that is not planned, because the user has forgotten it. */
export interface ForgottenTarget {
  /** Name of the target. */
  readonly target: string;
  /** Name of what is forgotten, such as that of a model; `null` when unknown. */
  readonly name: string | null;
  /** Number of the change that forgot it: undoing it takes that back. */
  readonly change: number;
}

/** A target that could not be planned. */
export interface PlanProblem {
  /** Name of the target. */
  readonly target: string;
  /** Name of the target that plans this one too; absent if there is none. */
  readonly partOf?: string;
  /** Code of the error. */
  readonly code: string;
  /** Message of the error. */
  readonly message: string;
  /** Class of the failure; absent if the target itself is wrong. */
  readonly failure?: FailureClass;
  /** Whether the target is tried again at the end of the run; absent after that. */
  readonly willRetry?: true;
}

/** Result of planning, as counts and examples, so that it stays small however large the library is. */
export interface PlanReportData {
  /** Number of models in the targets. */
  readonly models: number;
  /** Number of versions that were chosen. */
  readonly versions: number;
  /** Files and images to fetch, and their stated sizes together. */
  readonly wanted: { readonly files: number; readonly images: number; readonly bytes: number };
  /** Items that are on disk already, unchanged. */
  readonly there: { readonly count: number; readonly bytes: number };
  /** Number of refused or deferred items by outcome. */
  readonly refused: Readonly<Record<string, number>>;
  /** Refused versions that list no files; all other refused items are in {@linkcode RunItems}. */
  readonly refusedVersions: readonly RefusedVersion[];
  /** The first twenty files that are flagged as dangerous, refused or planned for `quarantine/`. */
  readonly flagged: readonly FlaggedFile[];
  /** Number of items whose preferred path was taken. */
  readonly collisions: number;
  /** The first twenty of these, as `taken path → given path`. */
  readonly collisionExamples: readonly string[];
  /** Targets that could not be planned, with code and message of the error; a creator without its parts. */
  readonly problems: readonly PlanProblem[];
  /** Entries of the API's responses that could not be read, and so are not planned. */
  readonly unreadable: UnreadableData;
  /** Models, versions and files of the library that the site no longer has. */
  readonly removed: readonly RemovedModel[];
  /** Targets that the user has forgotten; what of other targets is forgotten is only counted, as refused. */
  readonly forgotten: readonly ForgottenTarget[];
  /** How complete each listing is, by target. */
  readonly listings: Readonly<Record<string, ListingCompleteness>>;
}

/**
 * Collects a {@linkcode PlanReportData}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { PlanReport } from "@civitai-dl/civitai-dl/downloader";
 *
 * const report = new PlanReport();
 * report.addModel(1, [2, 3]);
 * report.addWanted("file", 1000);
 * report.addRefused("archived", "the model is archived");
 * const { versions, wanted, refused } = report.data();
 * assertEquals([versions, wanted.bytes, refused], [2, 1000, { archived: 1 }]);
 * ```
 */
export class PlanReport {
  readonly #models = new Set<number>();
  readonly #versions = new Set<number>();
  /** Refused versions without files, by id; the catalog has no items for them. */
  readonly #refusedVersions = new Map<number, RefusedVersion>();
  readonly #wanted = { files: 0, images: 0, bytes: 0 };
  readonly #there = { count: 0, bytes: 0 };
  readonly #refused = new Map<string, number>();
  readonly #flagged: FlaggedFile[] = [];
  #collisions = 0;
  readonly #collisionExamples: string[] = [];
  #problems: PlanProblem[] = [];
  readonly #listings = new Map<string, ListingCompleteness>();
  readonly #named: NamedTarget[] = [];
  readonly #removed = new Map<string, RemovedModel>();
  /** Keys of what is forgotten; with the target, if that names it. */
  readonly #forgotten = new Map<string, ForgottenTarget | null>();
  #lastReason: string | null = null;
  readonly #unreadable = new Map<string, UnreadableItem>();
  #omittedUnreadable = 0;

  /** Count a model and its chosen versions, each once, even if several targets name it. */
  addModel(id: number, versionIds: readonly number[]): void {
    this.#models.add(id);
    for (const versionId of versionIds) this.#versions.add(versionId);
  }

  /** Count a file or image to fetch. */
  addWanted(kind: "file" | "image", bytes: number): void {
    this.#wanted[kind === "file" ? "files" : "images"]++;
    this.#wanted.bytes += bytes;
  }

  /** Count an item that is on disk already. */
  addExisting(bytes: number): void {
    this.#there.count++;
    this.#there.bytes += bytes;
  }

  /** Count an item that is not available now. */
  addRefused(outcome: ItemOutcome, reason: string): void {
    this.#refused.set(outcome, (this.#refused.get(outcome) ?? 0) + 1);
    if (outcome !== "early-access") this.#lastReason = reason;
  }

  /** Record a file that is flagged as dangerous. */
  addFlagged(path: string, reason: string): void {
    if (this.#flagged.length < MAX_EXAMPLES) this.#flagged.push({ path, reason });
  }

  /** Count a version that is not available now and lists no files. */
  addRefusedVersion(version: RefusedVersion): void {
    this.#refusedVersions.set(version.versionId, version);
    this.addRefused(version.outcome, version.reason);
  }

  /** Number of refused versions without files by outcome; the catalog has no items to count for them. */
  countRefusedVersions(): Readonly<Record<string, number>> {
    const groups = Map.groupBy(this.#refusedVersions.values(), ({ outcome }) => outcome);
    return Object.fromEntries([...groups].map(([outcome, all]) => [outcome, all.length]));
  }

  /** Count an item whose preferred path was taken. */
  addCollision(taken: string, given: string): void {
    this.#collisions++;
    if (this.#collisionExamples.length < MAX_EXAMPLES) this.#collisionExamples.push(`${taken} → ${given}`);
  }

  /** Record a target that could not be planned. */
  addProblem(
    { name: target, partOf }: TargetIdentity,
    code: string,
    message: string,
    options: { readonly failure?: FailureClass | undefined; readonly willRetry?: boolean | undefined } = {},
  ): void {
    const { failure, willRetry = false } = options;
    this.#problems.push({
      target,
      ...partOf === undefined ? {} : { partOf },
      code,
      message,
      ...failure === undefined ? {} : { failure },
      ...willRetry ? { willRetry } : {},
    });
  }

  /** Remove the problems of a target that is tried again, and of its parts, which are tried with it. Return them. */
  takeProblems(name: string): readonly PlanProblem[] {
    const isTaken = ({ target, partOf }: PlanProblem): boolean => target === name || partOf === name;
    const taken = this.#problems.filter(isTaken);
    this.#problems = this.#problems.filter((problem) => !isTaken(problem));
    return taken;
  }

  /** Record again what {@linkcode PlanReport.takeProblems} removed, if the second try came to no end. */
  returnProblems(problems: readonly PlanProblem[]): void {
    this.#problems.push(...problems);
  }

  /** Whether a target could not be planned, or the gallery of the version that it names. */
  hasProblem(name: string): boolean {
    return this.#problems.some(({ target }) => target === name);
  }

  /** Mark all problems as final: nothing is tried again. */
  settleProblems(): void {
    this.#problems = this.#problems.map(({ willRetry: _, ...problem }) => problem);
  }

  /** Record a model, version or file of the library that the site no longer has. */
  addRemoved(removed: RemovedModel): void {
    const { modelId, version, file } = removed;
    this.#removed.set(`${modelId} ${version?.id ?? ""} ${file?.key ?? ""}`, removed);
  }

  /** Count something that the user has forgotten once, by its key; with the target, if that names it. */
  addForgotten(key: string, target: ForgottenTarget | null = null): void {
    this.#forgotten.set(key, target ?? this.#forgotten.get(key) ?? null);
  }

  /** Number of versions, files, images and named targets that are forgotten, as an outcome. */
  countForgotten(): Readonly<Partial<Record<ItemOutcome, number>>> {
    return this.#forgotten.size === 0 ? {} : { forgotten: this.#forgotten.size };
  }

  /** Record an entry that cannot be read. Return false if the same entry is already kept. */
  addUnreadable(entry: UnreadableItem): boolean {
    const key = `${entry.target}\n${entry.name}\n${entry.reason}`;
    if (this.#unreadable.has(key)) return false;
    if (this.#unreadable.size < MAX_UNREADABLE) this.#unreadable.set(key, entry);
    else this.#omittedUnreadable++;
    return true;
  }

  /** Number of unreadable models in a listing, among the entries that are kept. */
  unreadableModels(target: string): number {
    return [...this.#unreadable.values()].filter((entry) => entry.target === target && entry.kind === "model").length;
  }

  /** Record how complete a listing is. */
  addListing(target: string, completeness: ListingCompleteness): void {
    this.#listings.set(target, completeness);
  }

  /** Whether it is recorded how complete the listing of a target is. */
  hasListing(target: string): boolean {
    return this.#listings.has(target);
  }

  /** Record a planned target that names a model, version or file. */
  addNamedTarget(target: NamedTarget): void {
    this.#named.push(target);
  }

  /** Targets recorded by {@linkcode PlanReport.addNamedTarget}. */
  get namedTargets(): readonly NamedTarget[] {
    return this.#named;
  }

  /** Counts so far, to compare before and after one target. Early access is not a refusal, since it ends by itself. */
  countsSoFar(): PlanCounts {
    const { files, images } = this.#wanted;
    const refused = [...this.#refused].reduce((sum, [name, count]) => name === "early-access" ? sum : sum + count, 0);
    return { found: files + images + this.#there.count, refused, lastReason: this.#lastReason };
  }

  /** Return a copy of the counts and examples so far. */
  data(): PlanReportData {
    return {
      models: this.#models.size,
      versions: this.#versions.size,
      wanted: { ...this.#wanted },
      there: { ...this.#there },
      refused: { ...Object.fromEntries(this.#refused), ...this.countForgotten() },
      refusedVersions: [...this.#refusedVersions.values()],
      flagged: [...this.#flagged],
      collisions: this.#collisions,
      collisionExamples: [...this.#collisionExamples],
      problems: this.#problems.filter(({ partOf }) => partOf === undefined || !this.hasProblem(partOf)),
      unreadable: { count: this.#unreadable.size + this.#omittedUnreadable, entries: [...this.#unreadable.values()] },
      removed: [...this.#removed.values()],
      forgotten: [...this.#forgotten.values()].filter((target) => target !== null),
      listings: Object.fromEntries(this.#listings),
    };
  }
}
