import { type Catalog, LAYOUTS } from "../library/mod.ts";
import type { Choice } from "./choice.ts";

/** A layout, and a path template that takes precedence over it. */
export type LayoutChoice = Pick<Choice, "layout" | "template">;

/** The layout of a run, and a notice about it. */
export interface SettledLayout extends LayoutChoice {
  /** Tells the user that new files go elsewhere than existing ones; `null` if they do not. */
  readonly notice: string | null;
}

const NOTE = "layout";

/**
 * Decide the layout of new files: the one that was asked for, else the one that the library has, else `classic`. Existing
 * files are never moved, since programs and the user know them by their paths.
 *
 * @param catalog Remembers the layout
 * @param asked What flags and configuration say; `null` if they say nothing
 * @returns The layout
 */
export function settleLayout(catalog: Catalog, asked: LayoutChoice | null): SettledLayout {
  const known = recallLayout(catalog);
  const chosen = asked ?? known ?? { layout: "classic", template: null };
  if (known === null || flagOf(known) === flagOf(chosen)) return { ...chosen, notice: null };
  const notice = `This library uses ${flagOf(known)}: existing files stay where they are, new files go where ` +
    `${flagOf(chosen)} puts them. To use it for all files, choose another folder with --output`;
  return { ...chosen, notice };
}

/**
 * Remember the layout of a library. Call it once the plan is approved.
 *
 * @param catalog Remembers the layout
 * @param chosen The layout
 */
export function rememberLayout(catalog: Catalog, { layout, template }: LayoutChoice): void {
  catalog.remember(NOTE, JSON.stringify({ layout, template }));
}

/** Libraries of earlier versions have no note; the path of their first file shows whether the layout is classic. */
function recallLayout(catalog: Catalog): LayoutChoice | null {
  const note = catalog.recall(NOTE);
  if (note !== null) return parseNote(note);
  const first = catalog.items({ kinds: ["file"], states: ["done"] }).next();
  return first.done ? null : guessLayout(first.value.path);
}

/** Ignores a note that is not valid: the catalog may have been tampered with. */
function parseNote(text: string): LayoutChoice | null {
  const { layout, template } = JSON.parse(text) as Partial<LayoutChoice>;
  const isKnown = typeof layout === "string" && Object.hasOwn(LAYOUTS, layout);
  return isKnown && (template === null || typeof template === "string") ? { layout, template } : null;
}

/** `null` if the layout is not classic: the others share folders and cannot be told apart. */
function guessLayout(path: string): LayoutChoice | null {
  const isClassic = /^models\/[^/]+\/[A-Z]+\/[^/]+_[^/]+\/[^/]+$/.test(path);
  return isClassic ? { layout: "classic", template: null } : null;
}

function flagOf({ layout, template }: LayoutChoice): string {
  return template === null ? `--layout ${layout}` : `--path-template "${template}"`;
}
