import type { StatusWords } from "../../status/mod.ts";
import type { PageLanguage } from "./context.ts";
import type { Messages } from "./messages/en.ts";

/** All that the page says, in one language. */
export interface Words {
  readonly page: Messages;
  readonly status: StatusWords;
}

/** Fetch the words of a language: each is a script of its own, so that nobody waits for the other one. */
export async function loadWords(language: PageLanguage): Promise<Words> {
  const { words } = await import(`/page/words_${language}.js`) as { readonly words: Words };
  return words;
}
