import { z } from "zod";

/** The state of the downloads; `StatusDocument` of the monitor says all of it. */
export const statusSchema = z.looseObject({
  schema: z.literal("civitai-dl/status"),
  version: z.literal(1),
  time: z.iso.datetime().describe("When this was the state"),
}).describe("The state of the downloads, see monitor-page.md");
