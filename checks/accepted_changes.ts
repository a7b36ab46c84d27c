import * as z from "zod";
import { checkShape, Mistakes, readConfigText, readYaml } from "../lib/config/mod.ts";

/** Path of the file of accepted changes, relative to the root of the project. */
export const ACCEPTED_FILE = "config/accepted.yml";

const text = z.string({ error: "must be text" }).min(1, { error: "must not be empty" });
const why = z.string({ error: "must be text: the reason" }).min(10, {
  error: "must be a reason that others understand",
});

const schema = z.strictObject({
  version: z.literal(1, { error: "must be 1" }),
  conditions: z.array(z.strictObject({ change: text, why })).optional(),
  tests: z.array(z.strictObject({ file: text, name: text.optional(), why })).optional(),
}, { error: "must be a mapping that begins with version: 1" });

/** Changes that a check would refuse, each with the reason why it is right. */
export interface AcceptedChanges {
  /** Weakened conditions, in the words of the gate. */
  readonly conditions: readonly { readonly change: string; readonly why: string }[];
  /** Tests that are gone, ignored or without an assertion; without a name, all tests of the file. */
  readonly tests: readonly { readonly file: string; readonly name?: string | undefined; readonly why: string }[];
}

/** Read the accepted changes of the project in the working directory; without the file, there are none. */
export async function readAcceptedChanges(): Promise<AcceptedChanges> {
  const isThere = await Deno.stat(ACCEPTED_FILE).then((stat) => stat.isFile, () => false);
  if (!isThere) return { conditions: [], tests: [] };
  const yaml = readYaml(await readConfigText(ACCEPTED_FILE, { hint: "Make it readable" }), { begin: "version: 1" });
  const mistakes = new Mistakes(yaml);
  mistakes.throwIfAny(ACCEPTED_FILE);
  const written = checkShape(schema, yaml.value, mistakes);
  mistakes.throwIfAny(ACCEPTED_FILE);
  return { conditions: written!.conditions ?? [], tests: written!.tests ?? [] };
}
