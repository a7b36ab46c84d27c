import type { ProblemText } from "../problems/mod.ts";
import type { Format } from "./format.ts";
import type { FindingKind, FindingOf } from "./headline.ts";
import type { StatusEvent } from "./status_document.ts";

/** A finding in words. */
export interface Said {
  /** What is wrong, or what goes on. */
  readonly text: string;
  /** What to do; empty if there is nothing. */
  readonly todo: string;
}

/** What messages use to format numbers and times, and to name problems. */
export interface Sayings {
  readonly format: Format;
  /** A number, grouped. */
  count(value: number | null): string;
  /** The time until a moment, in milliseconds since the epoch. */
  left(until: number): string;
  /** A moment, ISO 8601. */
  time(iso: string): string;
  /** The time between two moments, ISO 8601. */
  span(from: string, until: string): string;
  /** The reader's text about a problem; `null` if the document's own is to be shown. */
  problem(name: string | null): ProblemText | null;
  /** The remedy of a problem, or the given one. */
  remedy(name: string, english: string): string;
  /** The title of a class of failure. */
  failure(name: string): string;
}

/** What messages about events use besides. */
export interface EventSayings extends Sayings {
  /** Whether the breaker of a host is not closed now. */
  isOut(host: string): boolean;
}

/** An event of one type. */
export type EventOf<Type extends StatusEvent["type"]> = Extract<StatusEvent, { readonly type: Type }>;

/** The words for each kind of finding. */
export type FindingWords = {
  readonly [Kind in FindingKind]: (finding: FindingOf<Kind>, sayings: Sayings) => Said;
};

/** The words for each type of event. */
export type EventWords = {
  readonly [Type in StatusEvent["type"]]: (event: EventOf<Type>, sayings: EventSayings) => string;
};
