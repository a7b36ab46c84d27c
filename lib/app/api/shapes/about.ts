import { z } from "zod";

/** What a client needs to know of the server, once. */
export const aboutSchema = z.strictObject({
  version: z.string().describe("Version of the program"),
  machine: z.string().describe("Name of the machine that it runs on"),
  library: z.string().describe("Folder of the library"),
  readOnly: z.boolean().describe("Whether requests that change something are refused"),
  language: z.enum(["en", "ja"]).describe("Language of the user who started it"),
  maturity: z.strictObject({
    blurFrom: z.int().describe("Lowest bit of maturity (1 PG, 2 PG-13, 4 R, 8 X, 16 XXX, 64 none) that a page blurs"),
  }),
  sandboxCreators: z.array(z.string()).nullable().describe(
    "Creators to try if it works with the sandbox, which invents its models; null with the real Civitai",
  ),
  canOpenFolders: z.boolean().describe("Whether it can open a folder on the screen of this client's machine"),
});

/** What a client needs to know of the server, once. */
export type About = z.infer<typeof aboutSchema>;
