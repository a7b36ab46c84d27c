import { basename } from "node:path";
import type { Clock } from "../base/mod.ts";
import type { AdaptiveTimeout } from "../failsafe/mod.ts";
import type { FileDigests } from "./hash_follower.ts";
import { type PartJournal, writeJournal } from "./part_journal.ts";
import type { Profile } from "./profile.ts";
import type { RateLimiter } from "./rate_limiter.ts";
import type { TransferEvent, TransferRequest } from "./transfer_request.ts";
import type { Transport } from "./transport.ts";

/** The options of a transfer with their defaults filled in. */
export interface SettledOptions {
  readonly transport: Transport;
  readonly profile: Profile;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  readonly limiter: RateLimiter | undefined;
  readonly timeouts: AdaptiveTimeout | undefined;
  readonly durable: boolean;
  readonly onEvent: (event: TransferEvent) => void;
}

/** A part that has all its bytes. */
export interface FinishedPart extends FileDigests {
  readonly sizeBytes: number;
  readonly etag: string | null;
}

/** What the tries of one transfer share. */
export class TransferState {
  readonly request: TransferRequest;
  readonly options: SettledOptions;
  readonly name: string;
  needsFreshUrl = false;
  journal: PartJournal | null = null;
  fetchedBytes = 0;
  resumedBytes = 0;
  #isStarted = false;
  #saving: Promise<void> | undefined;
  #isStale = false;

  constructor(request: TransferRequest, options: SettledOptions) {
    this.request = request;
    this.options = options;
    this.name = basename(request.path);
  }

  /** The first start of a transfer says what was there before it. */
  onStarted(totalBytes: number, resumedBytes: number): void {
    if (!this.#isStarted) this.resumedBytes = resumedBytes;
    this.#isStarted = true;
    this.options.onEvent({ type: "started", totalBytes, resumedBytes });
  }

  /** Save the journal behind the transfer's back; many calls become few writes. */
  saveJournal(): void {
    this.#isStale = true;
    this.#saving ??= this.#save();
  }

  /** Wait for a save that is under way. */
  async journalSaved(): Promise<void> {
    await this.#saving;
  }

  async #save(): Promise<void> {
    try {
      while (this.#isStale && this.journal !== null) {
        this.#isStale = false;
        await writeJournal(this.request.path, this.journal);
      }
    } finally {
      this.#saving = undefined;
    }
  }
}
