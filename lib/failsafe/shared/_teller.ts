import type { HeldFile } from "./shared_file.ts";
import type { View } from "./view.ts";
import type { FailsafeEvent } from "../failsafe_event.ts";

/** Whom to tell. */
export interface TellerSettings {
  /** Without it, what happens here is left to be told by others. */
  readonly onEvent: ((event: FailsafeEvent) => void) | undefined;
  readonly onWarning: (message: string) => void;
}

/** So many different warnings are remembered. */
const MAX_WARNINGS = 64;

/** Tells each event once, also of processes that were killed before they could, and each warning once. */
export class Teller {
  readonly #settings: TellerSettings;
  readonly #warned = new Set<string>();

  constructor(settings: TellerSettings) {
    this.#settings = settings;
  }

  /** Whether anybody here listens. */
  get hasObserver(): boolean {
    return this.#settings.onEvent !== undefined;
  }

  /** Tell events, and note after each that it was told. */
  tell(events: readonly FailsafeEvent[], held: HeldFile | null): void {
    const { onEvent } = this.#settings;
    if (onEvent === undefined) return;
    for (const event of events) {
      try {
        onEvent(event);
      } catch (error) {
        this.warn(`Cannot tell of a ${event.type} event: ${messageOf(error)}`);
      }
      this.#note(held, event.id);
    }
  }

  /** Tell what a process wrote that had nobody to tell, or was killed before it could. */
  tellLeftOvers({ events, lastEvent }: Pick<View, "events" | "lastEvent">, held: HeldFile): void {
    const told = this.hasObserver ? held.readNote() : null;
    if (told !== null && told < lastEvent) this.tell(events.filter((event) => event.id > told), held);
  }

  /**
   * Once for each kind of trouble: a full disk stays full for long.
   *
   * @param message What to say
   * @param kind The message itself, unless its words change while the trouble stays the same
   */
  warn(message: string, kind: string = message): void {
    if (this.#warned.has(kind)) return;
    if (this.#warned.size < MAX_WARNINGS) this.#warned.add(kind);
    this.#settings.onWarning(message);
  }

  /** A kind of trouble is over: when it comes again, it is told again. */
  forget(kind: string): void {
    this.#warned.delete(kind);
  }

  #note(held: HeldFile | null, id: number): void {
    try {
      held?.writeNote(id);
    } catch {
      // A full disk: the event may be told again, under the same id; the state's own write has warned already.
    }
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
