/** A mode that is held manually. */
export interface ModeHold {
  /** The held mode. */
  readonly mode: string;
  /** When the hold ends, milliseconds since the epoch; `null` if only a release ends it. */
  readonly until: number | null;
  /** When the hold began, milliseconds since the epoch. */
  readonly since: number;
}

/** A silence that lowered the mode; times in milliseconds since the epoch. */
export interface ModeSilence {
  /** The mode before it, to which the ladder returns when bytes arrive again; `null` after a relapse. */
  readonly from: string | null;
  /** When it was last observed. */
  readonly at: number;
  /** Since when bytes arrive again; `null` while none do. */
  readonly resumedAt: number | null;
}

/** The state of a ladder; plain data, times in milliseconds since the epoch. */
export interface ModeState {
  /** The mode of the ladder itself; a hold hides it without changing it. */
  readonly mode: string;
  /** Time of the last step, or of the end of the last hold. */
  readonly since: number;
  /** Reason for that step; `null` before the first one. */
  readonly reason: string | null;
  /** The same for a Japanese reader. */
  readonly ja: { readonly reason: string | null };
  /** Time without trouble before the next step up, in milliseconds. */
  readonly upDwellMs: number;
  /** Time of the last step up; `null` if there was none, or if a step down followed. */
  readonly raisedAt: number | null;
  /** Time of the last step down or reset; `null` if there was none. */
  readonly loweredAt: number | null;
  /** When `upDwellMs` was last halved; `null` if it never was. */
  readonly easedAt: number | null;
  /** Time of the last trouble; `null` if there was none. */
  readonly troubleAt: number | null;
  /** Time since which the dependencies are unavailable; `null` if they are available. */
  readonly unavailableSince: number | null;
  /** The silence that lowered the mode; `null` if another reason did, or after a step up that ends no pause. */
  readonly silence: ModeSilence | null;
  /** The mode that is held manually; `null` if none is. */
  readonly hold: ModeHold | null;
}
