/**
 * The runbook: one page for each kind of trouble, in English and Japanese. The pages are part of the program, so they
 * can be read without a network.
 *
 * @module
 */
export {
  findRunbookPage,
  listRunbookPages,
  RUNBOOK_LANGUAGES,
  type RunbookLanguage,
  type RunbookPage,
  suggestRunbookPage,
} from "./runbook_page.ts";
