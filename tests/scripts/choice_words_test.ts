import { assertEquals } from "@std/assert";
import { choiceWords } from "../../scripts/_download/choice_words.ts";

Deno.test("choiceWords() repeats what is typed, and what the section of another command than download says", () => {
  const flags = { latestOnly: true, gallery: 1, engine: "stable", previews: 3 };
  const sources: Readonly<Record<string, "flag" | "config" | "default">> = {
    "latest-only": "flag",
    gallery: "config",
    engine: "config",
    previews: "default",
  };
  const context = { flags, sourceOf: (name: string) => sources[name] };
  assertEquals(choiceWords(context, "download"), " --latest-only");
  // The engine stands at the top of the file, where download reads it too.
  assertEquals(choiceWords(context, "update"), " --latest-only --gallery 1");
});
