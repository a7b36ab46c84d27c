import { assert, assertEquals } from "@std/assert";
import { choiceSchema } from "../../../../lib/app/api/shapes/choice.ts";
import { type Choice, DEFAULT_CHOICE, FILTER_FLAGS } from "../../../../lib/downloader/mod.ts";
import type { Flag } from "../../../../lib/cli/mod.ts";
import { CHOICE_FLAGS, LAYOUT_FLAGS, LIMIT_FLAG } from "../../../../scripts/_frame/flags.ts";

/** The flag that sets a field, where its rules are those of the schema. */
const FLAGS: Partial<Readonly<Record<keyof Choice, string>>> = {
  ...FILTER_FLAGS,
  previews: "previews",
  gallery: "gallery",
  maxImages: "max-images",
  limit: "limit",
  layout: "layout",
};

const isGood = (choice: unknown): boolean => choiceSchema.safeParse(choice).success;

Deno.test("choiceSchema takes what the flags of download take, and nothing else", () => {
  const flags: readonly Flag[] = [...CHOICE_FLAGS, ...LAYOUT_FLAGS, LIMIT_FLAG];
  for (const [field, name] of Object.entries(FLAGS)) {
    const { choices, min, max, multiple } = flags.find((flag) => flag.name === name)!;
    for (const word of choices ?? []) assert(isGood({ [field]: multiple ? [word] : word }), `${field} ${word}`);
    if (choices !== undefined) assert(!isGood({ [field]: multiple ? ["unheard"] : "unheard" }), field);
    if (typeof min === "number") assertEquals([isGood({ [field]: min }), isGood({ [field]: min - 1 })], [true, false]);
    if (typeof max === "number") assertEquals([isGood({ [field]: max }), isGood({ [field]: max + 1 })], [true, false]);
  }
});

Deno.test("choiceSchema takes every default, and gives it back", () => {
  for (const [field, value] of Object.entries(DEFAULT_CHOICE)) {
    // What is left out is a field of the request.
    if (field === "except" || field === "files") continue;
    assertEquals(choiceSchema.parse({ [field]: value }), { [field]: value });
  }
  assertEquals(choiceSchema.parse({}), {});
});

Deno.test("choiceSchema refuses what no flag takes", () => {
  for (
    const choice of [
      { levels: 5 },
      { since: "2026-02-30" },
      { since: "2026-01-01T00:00:00" },
      { template: "../{file}" },
      { template: "{unheard}" },
      { files: [] },
      { exclude: [""] },
      { baseModels: "Pony" },
      { output: "/etc" },
    ]
  ) {
    assert(!isGood(choice), JSON.stringify(choice));
  }
  assertEquals(choiceSchema.parse({ since: "2026-01-02" }), { since: "2026-01-02T00:00:00.000Z" });
});
