import type { HeldFile } from "./shared_file.ts";
import type { SharedState } from "./shared_state.ts";
import type { FailsafeEvent } from "../failsafe_event.ts";

/** Receivers of events and warnings. */
export interface EventReporterSettings {
  /** If absent, other processes report the events of this one. */
  readonly onEvent: ((event: FailsafeEvent) => void) | undefined;
  readonly onWarning: (message: string) => void;
}

/** Maximum number of different warnings to remember. */
const MAX_WARNINGS = 64;

/**
 * Reports each event once, including those of processes that were killed before they could report them, and each
 * warning once.
 */
export class EventReporter {
  readonly #settings: EventReporterSettings;
  readonly #warned = new Set<string>();

  constructor(settings: EventReporterSettings) {
    this.#settings = settings;
  }

  /** Whether this process has an observer. */
  get hasObserver(): boolean {
    return this.#settings.onEvent !== undefined;
  }

  /** Report events, and record after each one that it was reported. */
  report(events: readonly FailsafeEvent[], held: HeldFile | null): void {
    const { onEvent } = this.#settings;
    if (onEvent === undefined) return;
    for (const event of events) {
      try {
        onEvent(event);
      } catch (error) {
        this.warn(`Cannot report a ${event.type} event: ${messageOf(error)}`);
      }
      this.#recordReported(held, event.id);
    }
  }

  /** Report events of processes that have no observer, or that were killed before they could report them. */
  reportLeftOvers({ events, lastEvent }: Pick<SharedState, "events" | "lastEvent">, held: HeldFile): void {
    const lastReported = this.hasObserver ? held.readNote() : null;
    if (lastReported !== null && lastReported < lastEvent) {
      this.report(events.filter((event) => event.id > lastReported), held);
    }
  }

  /**
   * Warn once for each kind of problem, because a full disk, for example, stays full for a long time.
   *
   * @param message The warning
   * @param kind Identifies the problem if the message varies
   */
  warn(message: string, kind: string = message): void {
    if (this.#warned.has(kind)) return;
    if (this.#warned.size < MAX_WARNINGS) this.#warned.add(kind);
    this.#settings.onWarning(message);
  }

  /** Allow a warning again, because its problem is over. */
  forget(kind: string): void {
    this.#warned.delete(kind);
  }

  #recordReported(held: HeldFile | null, id: number): void {
    try {
      held?.writeNote(id);
    } catch {
      // If the disk is full, the event may be reported again with the same ID. Writing the state has already caused a
      // warning.
    }
  }
}

/** Return the message of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
