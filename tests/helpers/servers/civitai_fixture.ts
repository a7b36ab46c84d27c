import { parseLenientJson } from "../../../lib/civitai/mod.ts";

/** Folder of the fixtures. */
export const FIXTURES = new URL("../../civitai/fixtures/", import.meta.url);

/** The text of a fixture. */
export function fixtureText(name: string): string {
  return Deno.readTextFileSync(new URL(name, FIXTURES));
}

/** The JSON of a fixture; the caller gives its type. */
export function fixture<T = unknown>(name: string): T {
  return parseLenientJson(fixtureText(name)) as T;
}
