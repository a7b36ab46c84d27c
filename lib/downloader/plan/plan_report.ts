import type { UnreadableEntry } from "../../civitai/mod.ts";
import type { ItemOutcome, ListingProof } from "../watch/download_event.ts";

/** Examples shown of each kind; the rest is counted. */
const MAX_EXAMPLES = 20;
/** Entries that cannot be read are named one by one up to here; the rest is counted. */
const MAX_UNREADABLE = 1000;

/** An entry of an answer that cannot be read, and where it stands. */
export interface UnreadableItem extends UnreadableEntry {
  /** Whose listing, or which model. */
  readonly target: string;
}

/** What could not be read of the API's answers. */
export interface UnreadableData {
  /** All of it. */
  readonly count: number;
  /** The first thousand. */
  readonly entries: readonly UnreadableItem[];
}

/** A file that is flagged as dangerous. */
export interface FlaggedFile {
  /** Where it would go, or goes, relative to the library. */
  readonly path: string;
  /** Why, for a person. */
  readonly reason: string;
}

/** The model, version or file that a target names. */
export interface NamedTarget {
  /** How the target is called. */
  readonly target: string;
  /** The model. */
  readonly modelId: number;
  /** The one version, if one is named. */
  readonly versionId: number | null;
  /** The one file, if one is named. */
  readonly fileId: number | null;
}

/** How far a plan is; see {@linkcode PlanReport.standing}. */
export interface PlanStanding {
  /** Items that are wanted or there. */
  readonly found: number;
  /** Items that are refused for good. */
  readonly refused: number;
  /** Why the last one was refused. */
  readonly lastReason: string | null;
}

/** What a plan found, as counts: it stays small however large the library is. */
export interface PlanReportData {
  /** Models seen. */
  readonly models: number;
  /** Versions chosen. */
  readonly versions: number;
  /** To fetch. */
  readonly wanted: { readonly files: number; readonly images: number; readonly bytes: number };
  /** On disk already, unchanged. */
  readonly there: { readonly count: number; readonly bytes: number };
  /** Refused or deferred, by outcome. */
  readonly refused: Readonly<Record<string, number>>;
  /** Why, for the first of them; of flagged files `flagged` tells. */
  readonly reasons: readonly string[];
  /** The first files that are flagged as dangerous, refused or on their way to `quarantine/`. */
  readonly flagged: readonly FlaggedFile[];
  /** Files whose own name was taken by another. */
  readonly collisions: number;
  /** The first of them, as `taken path → given path`. */
  readonly collisionExamples: readonly string[];
  /** Targets that could not be planned. */
  readonly problems: readonly { readonly target: string; readonly code: string; readonly message: string }[];
  /** Entries of the API's answers that could not be read, and so are not planned. */
  readonly unreadable: UnreadableData;
  /** Proofs of completeness by target. */
  readonly listings: Readonly<Record<string, ListingProof>>;
}

/** Collects a {@linkcode PlanReportData}. */
export class PlanReport {
  readonly #models = new Set<number>();
  readonly #versions = new Set<number>();
  /** Versions without any file, which have no row in the catalog. */
  readonly #without = new Map<number, ItemOutcome>();
  readonly #wanted = { files: 0, images: 0, bytes: 0 };
  readonly #there = { count: 0, bytes: 0 };
  readonly #refused = new Map<string, number>();
  readonly #reasons: string[] = [];
  readonly #flagged: FlaggedFile[] = [];
  #collisions = 0;
  readonly #collisionExamples: string[] = [];
  readonly #problems: PlanReportData["problems"][number][] = [];
  readonly #listings = new Map<string, ListingProof>();
  readonly #named: NamedTarget[] = [];
  #lastReason: string | null = null;
  readonly #unreadable = new Map<string, UnreadableItem>();
  #unnamed = 0;

  /** A model and which of its versions were chosen; several targets may name it. */
  model(id: number, versionIds: readonly number[]): void {
    this.#models.add(id);
    for (const versionId of versionIds) this.#versions.add(versionId);
  }

  /** Something to fetch. */
  wanted(kind: "file" | "image", bytes: number): void {
    this.#wanted[kind === "file" ? "files" : "images"]++;
    this.#wanted.bytes += bytes;
  }

  /** Something that is on disk. */
  there(bytes: number): void {
    this.#there.count++;
    this.#there.bytes += bytes;
  }

  /** Something that is not to be had now. */
  refused(outcome: ItemOutcome, reason: string): void {
    this.#refused.set(outcome, (this.#refused.get(outcome) ?? 0) + 1);
    this.#lastReason = reason;
    const isListed = this.#reasons.length >= MAX_EXAMPLES || this.#reasons.includes(reason);
    // Those have a list of their own, in which they cannot be missed.
    if (outcome !== "flagged" && !isListed) this.#reasons.push(reason);
  }

  /** Something that is flagged as dangerous. */
  flagged(path: string, reason: string): void {
    if (this.#flagged.length < MAX_EXAMPLES) this.#flagged.push({ path, reason });
  }

  /** A version that is not to be had now, and of which not even the files are known. */
  refusedVersion(versionId: number, outcome: ItemOutcome, reason: string): void {
    this.#without.set(versionId, outcome);
    this.refused(outcome, reason);
  }

  /** How many versions without files are refused, by outcome: the catalog does not know them. */
  refusedVersions(): Readonly<Record<string, number>> {
    const groups = Map.groupBy(this.#without.values(), (outcome) => outcome);
    return Object.fromEntries([...groups].map(([outcome, all]) => [outcome, all.length]));
  }

  /** Two things wanted one path. */
  collision(taken: string, given: string): void {
    this.#collisions++;
    if (this.#collisionExamples.length < MAX_EXAMPLES) this.#collisionExamples.push(`${taken} → ${given}`);
  }

  /** A target that could not be planned. */
  problem(target: string, code: string, message: string): void {
    this.#problems.push({ target, code, message });
  }

  /** An entry that cannot be read; whether it was not told before. */
  unreadable(entry: UnreadableItem): boolean {
    const key = `${entry.target}\n${entry.name}\n${entry.reason}`;
    if (this.#unreadable.has(key)) return false;
    if (this.#unreadable.size < MAX_UNREADABLE) this.#unreadable.set(key, entry);
    else this.#unnamed++;
    return true;
  }

  /** How many models of a listing cannot be read. */
  unreadableModels(target: string): number {
    return [...this.#unreadable.values()].filter((entry) => entry.target === target && entry.kind === "model").length;
  }

  /** The proof of a listing. */
  listing(target: string, proof: ListingProof): void {
    this.#listings.set(target, proof);
  }

  /** A target that names one thing, and was planned. */
  named(target: NamedTarget): void {
    this.#named.push(target);
  }

  /** What {@linkcode PlanReport.named} was told. */
  get namedTargets(): readonly NamedTarget[] {
    return this.#named;
  }

  /** How far the plan is, for whoever plans one target: early access is not refused for good, it comes by itself. */
  standing(): PlanStanding {
    const { files, images } = this.#wanted;
    const refused = [...this.#refused].reduce((sum, [name, count]) => name === "early-access" ? sum : sum + count, 0);
    return { found: files + images + this.#there.count, refused, lastReason: this.#lastReason };
  }

  /** The counts so far. */
  data(): PlanReportData {
    return {
      models: this.#models.size,
      versions: this.#versions.size,
      wanted: { ...this.#wanted },
      there: { ...this.#there },
      refused: Object.fromEntries(this.#refused),
      reasons: [...this.#reasons],
      flagged: [...this.#flagged],
      collisions: this.#collisions,
      collisionExamples: [...this.#collisionExamples],
      problems: [...this.#problems],
      unreadable: { count: this.#unreadable.size + this.#unnamed, entries: [...this.#unreadable.values()] },
      listings: Object.fromEntries(this.#listings),
    };
  }
}
