import { type Catalog, LAYOUTS } from "../library/mod.ts";
import type { Choice } from "./choice.ts";

/** A layout, and a path template that takes precedence over it. */
export type LayoutChoice = Pick<Choice, "layout" | "template">;

/** The layout of a run, and a notice about it. */
export interface SettledLayout extends LayoutChoice {
  /** Message that new files use a different layout from existing ones; `null` if they do not. */
  readonly notice: string | null;
}

const NOTE = "layout";

/**
 * Choose the layout of new files: the requested layout, otherwise the library's, otherwise `classic`. Existing files
 * are never moved, since programs and users refer to them by path.
 *
 * @param catalog The catalog, which stores the library's layout in a note
 * @param requested Layout from flags and configuration; `null` if none is set
 * @returns The layout, and a notice if it differs from the library's
 *
 * @example
 * ```ts
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 * import { openLibrary, rememberLayout, settleLayout } from "@civitai-dl/civitai-dl/downloader";
 *
 * using library = await openLibrary("models", { command: "example", scratch: true });
 * rememberLayout(library.catalog, { layout: "comfyui", template: null });
 * assertEquals(settleLayout(library.catalog, null).layout, "comfyui");
 * const { notice } = settleLayout(library.catalog, { layout: "classic", template: null });
 * assertStringIncludes(notice ?? "", "existing files stay where they are");
 * ```
 */
export function settleLayout(catalog: Catalog, requested: LayoutChoice | null): SettledLayout {
  const known = recallLayout(catalog);
  const chosen = requested ?? known ?? { layout: "classic", template: null };
  if (known === null || layoutFlag(known) === layoutFlag(chosen)) return { ...chosen, notice: null };
  const notice = `This library uses ${layoutFlag(known)}: existing files stay where they are, new files go where ` +
    `${layoutFlag(chosen)} puts them. To use it for all files, choose another folder with --output`;
  return { ...chosen, notice };
}

/**
 * Record the layout of a library. Call this after the plan is approved.
 *
 * @param catalog The catalog that the note is written to
 * @param chosen Layout and template of the run
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openLibrary, rememberLayout, settleLayout } from "@civitai-dl/civitai-dl/downloader";
 *
 * using library = await openLibrary("models", { command: "example", scratch: true });
 * rememberLayout(library.catalog, { layout: "classic", template: "{type}/{file}" });
 * assertEquals(settleLayout(library.catalog, null).template, "{type}/{file}");
 * ```
 */
export function rememberLayout(catalog: Catalog, { layout, template }: LayoutChoice): void {
  catalog.setNote(NOTE, JSON.stringify({ layout, template }));
}

/** Read the layout from its note; `null` if there is none. */
function recallLayout(catalog: Catalog): LayoutChoice | null {
  const note = catalog.note(NOTE);
  return note === null ? null : parseNote(note);
}

/** Parse a note; `null` if its fields are invalid, since the catalog may have been tampered with. */
function parseNote(text: string): LayoutChoice | null {
  const { layout, template } = JSON.parse(text) as Partial<LayoutChoice>;
  const isKnown = typeof layout === "string" && Object.hasOwn(LAYOUTS, layout);
  return isKnown && (template === null || typeof template === "string") ? { layout, template } : null;
}

/** The flag that chooses a layout. */
export function layoutFlag({ layout, template }: LayoutChoice): string {
  return template === null ? `--layout ${layout}` : `--path-template "${template}"`;
}
