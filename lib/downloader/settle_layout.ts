import { type Catalog, LAYOUTS } from "../library/mod.ts";
import type { Choice } from "./choice.ts";

/** How a library is laid out: a layout, or a template that beats it. */
export type LayoutChoice = Pick<Choice, "layout" | "template">;

/** The layout of a run, and what there is to say about it. */
export interface SettledLayout extends LayoutChoice {
  /** Said to the user where files that are there and files that come go to different places; `null` where not. */
  readonly notice: string | null;
}

const NOTE = "layout";

/**
 * Decide how new files are laid out. A library keeps its layout where nobody asks for another; where somebody does, what
 * is there stays where it is, since programs and the user know it there.
 *
 * @param catalog The library's
 * @param asked What flags and configuration say; `null` where they say nothing
 * @returns The layout
 */
export function settleLayout(catalog: Catalog, asked: LayoutChoice | null): SettledLayout {
  const known = recallLayout(catalog);
  const chosen = asked ?? known ?? { layout: "classic", template: null };
  if (known === null || wordOf(known) === wordOf(chosen)) return { ...chosen, notice: null };
  const notice = `This library is laid out by ${wordOf(known)}: what is there stays where it is, and is not moved; ` +
    `what is new goes where ${wordOf(chosen)} says. For all of it by ${
      wordOf(chosen)
    }, name another folder by --output`;
  return { ...chosen, notice };
}

/**
 * Remember how a library is laid out, once files are to be fetched that way.
 *
 * @param catalog The library's
 * @param chosen The layout
 */
export function rememberLayout(catalog: Catalog, { layout, template }: LayoutChoice): void {
  catalog.remember(NOTE, JSON.stringify({ layout, template }));
}

/** Libraries of earlier versions have no note: where they have files, the folders tell the classic layout from others. */
function recallLayout(catalog: Catalog): LayoutChoice | null {
  const note = catalog.recall(NOTE);
  if (note !== null) return parseNote(note);
  const first = catalog.items({ kinds: ["file"], states: ["done"] }).next();
  return first.done ? null : guessLayout(first.value.path);
}

/** A catalog that was tampered with may say anything. */
function parseNote(text: string): LayoutChoice | null {
  const { layout, template } = JSON.parse(text) as Partial<LayoutChoice>;
  const isKnown = typeof layout === "string" && Object.hasOwn(LAYOUTS, layout);
  return isKnown && (template === null || typeof template === "string") ? { layout, template } : null;
}

/** `null` where it may be any of those that share folders. */
function guessLayout(path: string): LayoutChoice | null {
  const isClassic = /^models\/[^/]+\/[A-Z]+\/[^/]+_[^/]+\/[^/]+$/.test(path);
  return isClassic ? { layout: "classic", template: null } : null;
}

function wordOf({ layout, template }: LayoutChoice): string {
  return template === null ? `--layout ${layout}` : `--path-template "${template}"`;
}
