import { parseLenientJson } from "../../../lib/civitai/mod.ts";

/** Where the fixtures lie. */
export const FIXTURES = new URL("../../civitai/fixtures/", import.meta.url);

/** The text of a fixture. */
export function fixtureText(name: string): string {
  return Deno.readTextFileSync(new URL(name, FIXTURES));
}

/** The JSON of a fixture; typed by the caller, who knows its shape. */
export function fixture<T = unknown>(name: string): T {
  return parseLenientJson(fixtureText(name)) as T;
}
