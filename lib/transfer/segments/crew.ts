import { classifyFailure } from "../../failsafe/mod.ts";
import type { ConnectionPermit } from "./connection_permits.ts";
import type { Extent } from "../part/extents.ts";
import { failureScope } from "./_failure_scope.ts";
import { fetchRange } from "./_fetch_range.ts";
import type { LineVerdict } from "./line_memory.ts";
import type { OpenRange } from "../_open_range.ts";
import type { PartFile } from "../part/part_file.ts";
import { findSlowSegment, Segment } from "./_segment.ts";
import { SegmentPilot } from "./segment_pilot.ts";
import { SIZE_THRESHOLDS } from "../size_thresholds.ts";
import type { TransferState } from "../_transfer_state.ts";
import { Workload } from "./_workload.ts";

/** How often the pilot receives a sample. */
const SAMPLE_MS = 100;
/** No helper is added for this long after one failed. */
const HELPER_COOLDOWN_MS = 2000;

/** Abort reasons of connections that the crew stopped itself; they do not count as failures of the host. */
const RETIRED = new Error("Another connection continues this range");
const REPLACED = new Error("A new connection continues this range");

/** What a connection brings with it when it joins the crew. */
interface Worker {
  /** The response that was open before the crew existed. */
  readonly lead?: { readonly range: OpenRange; readonly stop: AbortController };
  /** A helper's permit; the permit of the lead belongs to its range. */
  readonly permit?: ConnectionPermit;
}

/** The connections that fetch one file: one at first, and more if the pilot finds that they help. */
export class Crew {
  readonly #state: TransferState;
  readonly #part: PartFile;
  readonly #host: string;
  readonly #load: Workload;
  readonly #running = new Set<Promise<void>>();
  readonly #pilot: SegmentPilot;
  #error: unknown;
  #waitedMs = 0;
  #bytes = 0;
  #sampledMs = 0;
  #growsFromMs: number;
  #isGrowing = false;

  constructor(state: TransferState, part: PartFile, host: string) {
    const { lines } = state.line;
    this.#state = state;
    this.#part = part;
    this.#host = host;
    this.#load = new Workload(part.missing());
    this.#growsFromMs = part.totalBytes !== null && state.canBeShared ? 0 : Infinity;
    this.#pilot = new SegmentPilot({ verdict: lines.verdict(host), nowMs: this.#nowMs() });
  }

  /** Fetch everything that is missing, beginning with the response for the first gap; throws the first fatal error. */
  async run(lead: NonNullable<Worker["lead"]>): Promise<void> {
    const { signal } = this.#state;
    const onAbort = (): void => this.#fail(signal!.reason);
    signal?.addEventListener("abort", onAbort);
    try {
      let worker: Worker = { lead };
      for (let range = this.#load.next(); range !== null && this.#error === undefined; range = this.#load.next()) {
        this.#start(range, worker);
        while (this.#running.size > 0) await Promise.all(this.#running);
        worker = {};
      }
      if (this.#error !== undefined) throw this.#error;
    } catch (error) {
      // A failure to settle must not hide the first error.
      await this.#part.settle().catch(() => {});
      throw error;
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  #start(range: Extent, worker: Worker): void {
    const stop = worker.lead?.stop ?? new AbortController();
    const bufferBytes = worker.permit === undefined ? SIZE_THRESHOLDS.leadBuffer : SIZE_THRESHOLDS.helperBuffer;
    const segment = new Segment(range, { bufferBytes, stop, nowMs: this.#nowMs() });
    this.#load.begin(segment);
    this.#run(this.#work(segment, worker));
  }

  /** Track a task until it ends; an error that it throws ends the crew. */
  #run(work: Promise<void>): void {
    const kept = work.catch((error) => this.#fail(error)).finally(() => this.#running.delete(kept));
    this.#running.add(kept);
  }

  /** Fetch a segment, then continue with the remaining work. */
  async #work(segment: Segment, worker: Worker): Promise<void> {
    try {
      await fetchRange(this.#state, this.#part, {
        segment,
        range: worker.lead?.range,
        permit: worker.permit,
        isAlone: () => this.#load.activeCount === 1,
        onBytes: (count, waitedMs) => this.#onBytes(count, waitedMs),
      });
      this.#next(segment, worker);
    } catch (error) {
      this.#ended(segment, worker, error);
    }
  }

  #next(segment: Segment, worker: Worker): void {
    this.#load.end(segment);
    if (this.#load.activeCount === 0 && !this.#isGrowing) this.#part.join();
    // Another file may be waiting for the helper's permit, so the helper asks for a new one and ends if there is none.
    worker.permit?.[Symbol.dispose]();
    if (worker.permit !== undefined) return void this.#addHelper();
    const range = this.#error === undefined ? this.#nextRange() : null;
    if (range !== null) this.#start(range, {});
  }

  /** Take an unassigned range, or half of the largest active segment. */
  #nextRange(): Extent | null {
    const mayShare = this.#part.isScattered && this.#growsFromMs < Infinity;
    return this.#load.next() ?? (mayShare ? this.#load.steal() : null);
  }

  #ended(segment: Segment, worker: Worker, error: unknown): void {
    this.#load.end(segment);
    if (error === REPLACED) return this.#next(segment, worker);
    worker.permit?.[Symbol.dispose]();
    if (error === RETIRED || this.#error !== undefined) return;
    const failure = classifyFailure(error);
    const scope = failureScope(failure);
    if (this.#load.activeCount === 0 || scope === "all" || !(error instanceof Error)) return this.#fail(error);
    // The other connections continue, and one of them will fetch the rest of this segment.
    if (scope === "more than one") this.#state.disableSegments();
    this.#growsFromMs = this.#state.canBeShared ? this.#nowMs() + HELPER_COOLDOWN_MS : Infinity;
    this.#report(`a connection ended: ${failure}`);
  }

  #fail(error: unknown): void {
    this.#error ??= error;
    for (const { stop } of this.#load.active) stop.abort(error);
  }

  #onBytes(count: number, waitedMs: number): void {
    this.#bytes += count;
    this.#waitedMs += waitedMs;
    const nowMs = this.#nowMs();
    if (this.#growsFromMs > nowMs || nowMs - this.#sampledMs < SAMPLE_MS || this.#error !== undefined) return;
    this.#sampledMs = nowMs;
    const segments = this.#load.active;
    // A more careful mode allows one connection for now; the file may get more when the mode rises.
    if (segments.length === 1 && this.#state.segments() === 1) return;
    findSlowSegment(segments, nowMs)?.stop.abort(REPLACED);
    const advice = this.#pilot.observe({
      nowMs,
      bytes: this.#bytes,
      waitedMs: this.#waitedMs,
      connections: segments.length,
      remainingBytes: this.#load.remainingBytes,
    });
    if (advice.type === "grow" && !this.#isGrowing) this.#run(this.#grow(advice.reason));
    if (advice.type === "keep") {
      this.#report(`more connections increased the rate by a factor of ${advice.gain.toFixed(1)}`, "capped");
    }
    if (advice.type === "retreat") this.#retreat(segments);
  }

  async #grow(reason: string): Promise<void> {
    this.#isGrowing = true;
    try {
      if (!this.#part.isScattered) await this.#part.scatter();
      const before = this.#load.activeCount;
      this.#load.beginStripes();
      while (this.#addHelper());
      if (this.#load.activeCount > before) return this.#report(reason);
      this.#pilot.recordRefusal();
      if (before < 2) this.#load.endStripes();
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isGrowing = false;
    }
  }

  /** Add one helper if the profile and the permit pool allow it and there is a range for it. */
  #addHelper(): boolean {
    const { line: { permits }, segments } = this.#state;
    const isOver = this.#load.activeCount === 0 || this.#error !== undefined;
    if (isOver || this.#load.activeCount >= segments()) return false;
    const permit = permits.tryAcquire(this.#host);
    const range = permit === null ? null : this.#nextRange();
    if (range === null) permit?.[Symbol.dispose]();
    else this.#start(range, { permit: permit! });
    return range !== null;
  }

  #retreat([, ...helpers]: readonly Segment[]): void {
    this.#load.endStripes();
    for (const { stop } of helpers) stop.abort(RETIRED);
    this.#report("more connections did not increase the rate", "full");
  }

  #nowMs(): number {
    return this.#state.line.clock.monotonic();
  }

  #report(reason: string, verdict?: LineVerdict): void {
    if (verdict !== undefined) this.#state.line.lines.recordVerdict(this.#host, verdict);
    this.#state.onEvent({ type: "connections", count: this.#load.activeCount, reason });
  }
}
