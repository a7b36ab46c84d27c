import * as z from "zod";
import { checkShape, Mistakes, readYaml } from "../../lib/config/mod.ts";

/** A text of an English page and what stands for it in the Japanese one. */
export interface PageText {
  /** The English text; in a set phrase, each `{}` stands for values. */
  readonly en: string;
  readonly ja: string;
}

/** The Japanese texts of a generated page. */
export interface PageTexts {
  /** Path of the file that has them. */
  readonly file: string;
  readonly entries: readonly PageText[];
}

const line = z.string().min(1).transform((text) => text.trim().replaceAll(/\s+/g, " "));
const schema = z.array(z.strictObject({ en: line, ja: line }));

/**
 * Parse the Japanese texts of a generated page: a list of `en` and `ja`.
 *
 * @returns The texts, with single spaces in place of line breaks
 * @throws {ConfigError} With the line and column of each mistake; also for a text that is there twice, and for one whose
 * Japanese lacks a placeholder or a code span
 */
export function parsePageTexts(text: string, file: string): PageTexts {
  const yaml = readYaml(text, { begin: "- en: Commands" });
  const mistakes = new Mistakes(yaml);
  mistakes.throwIfAny(file);
  const entries = checkShape(schema, yaml.value, mistakes);
  mistakes.throwIfAny(file);
  const seen = new Set<string>();
  for (const [at, { en, ja }] of entries!.entries()) {
    if (seen.has(en)) mistakes.add([at, "en"], `"${en}" is there twice`);
    seen.add(en);
    for (const part of missingParts(en, ja)) mistakes.add([at, "ja"], `${part} is missing`);
  }
  mistakes.throwIfAny(file);
  return { file, entries: entries! };
}

/** List the placeholders and code spans that only the English text has. */
function missingParts(en: string, ja: string): readonly string[] {
  const left = [...ja.matchAll(FIXED)].map(([part]) => part);
  return [...en.matchAll(FIXED)].map(([part]) => part).filter((part) => {
    const at = left.indexOf(part);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** What both languages have. */
const FIXED = /\{\}|`[^`]+`/g;
