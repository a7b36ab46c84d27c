import { playTrouble, TROUBLES } from "./_troubles.ts";

for (const trouble of TROUBLES.filter(({ isSlow }) => !isSlow)) {
  const missing = await trouble.missing?.() ?? null;
  Deno.test({
    name: `troubles: ${trouble.name}: what is printed leads to its end in at most three commands`,
    ignore: missing !== null,
    fn: async () => {
      await playTrouble(trouble);
    },
  });
}
