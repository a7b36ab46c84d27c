import { isMarked, type NotesLanguage, type NotesSection, type NotesText, type ReleaseNotes } from "./release_notes.ts";

/** Options of {@linkcode renderNotes}. */
export interface RenderNotesOptions {
  /**
   * The language, or `both`: English, then Japanese.
   *
   * @default {"en"}
   */
  readonly language?: NotesLanguage | "both" | undefined;
  /**
   * Address to which links to files of the repository are relative, such as
   * `https://github.com/OWNER/NAME/blob/v1.1.0/`. If absent, such links stay as they are.
   */
  readonly linkBase?: string | undefined;
}

const HEADINGS: Readonly<Record<NotesLanguage, Readonly<Record<NotesSection["heading"], string>>>> = {
  en: {
    Added: "Added",
    Changed: "Changed",
    Deprecated: "Deprecated",
    Removed: "Removed",
    Fixed: "Fixed",
    Security: "Security",
  },
  ja: {
    Added: "追加",
    Changed: "変更",
    Deprecated: "非推奨",
    Removed: "削除",
    Fixed: "修正",
    Security: "セキュリティ",
  },
};

/**
 * Render release notes in Markdown for a release page of GitHub, where each line break in the source would be one on the
 * page: paragraphs are one line each. Texts that are not written yet are left out.
 *
 * @param notes The notes
 * @param options Language, and the base of links
 * @returns Markdown that ends with a line break
 */
export function renderNotes(notes: ReleaseNotes, options: RenderNotesOptions = {}): string {
  const { language = "en", linkBase } = options;
  if (language === "both") {
    const english = renderNotes(notes, { ...options, language: "en" });
    return `${english}\n---\n\n# 日本語\n\n${renderNotes(notes, { ...options, language: "ja" })}`;
  }
  const clean = (text: NotesText) => absolute(unwrap(text[language]), linkBase);
  const blocks = isMarked(notes.summary[language]) ? [] : [clean(notes.summary)];
  let above = "";
  for (const { heading, topic, entries } of notes.sections) {
    const written = entries.filter((entry) => !isMarked(entry[language]));
    if (written.length === 0) continue;
    if (heading !== above) blocks.push(`## ${HEADINGS[language][heading]}`);
    above = heading;
    if (topic !== null && !isMarked(topic[language])) blocks.push(`### ${clean(topic)}`);
    blocks.push(written.map((entry) => `- ${clean(entry).replaceAll(/\n(?=.)/g, "\n  ")}`).join("\n"));
  }
  return `${blocks.join("\n\n")}\n`;
}

/**
 * Render the English notes as text for the message of a tag. It has no line that begins with `#`, which git would remove
 * as a comment.
 *
 * @param notes The notes
 * @returns Lines, without a line break at the end; empty if nothing is written
 */
export function renderNotesForTag(notes: ReleaseNotes): string {
  const markdown = renderNotes(notes).trimEnd();
  return markdown.split("\n").map((line) => line.replace(/^#+\s*(.*)$/, "$1:")).join("\n");
}

const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u;

/** Join the lines of each paragraph: with a space, except between two characters of Japanese. */
function unwrap(text: string): string {
  const lines: string[] = [];
  let isCode = false;
  for (const line of text.trim().split("\n")) {
    const isFence = /^\s*(`{3,}|~{3,})/.test(line);
    const last = lines.at(-1) ?? "";
    const isOwn = isCode || isFence || lines.length === 0 || last.trim() === "" ||
      /^\s*([-*+>|#]|\d+\.\s|$)/.test(line);
    if (isFence) isCode = !isCode;
    if (isOwn || /^\s*(`{3,}|~{3,})/.test(last)) {
      lines.push(line);
      continue;
    }
    const next = line.trimStart();
    const gap = CJK.test(last.slice(-1)) && CJK.test(next.slice(0, 1)) ? "" : " ";
    lines[lines.length - 1] = `${last}${gap}${next}`;
  }
  return lines.join("\n");
}

/** Make links to files of the repository absolute; other addresses and anchors stay. */
function absolute(text: string, base: string | undefined): string {
  if (base === undefined) return text;
  const root = base.endsWith("/") ? base : `${base}/`;
  return text.replaceAll(/\]\((?![a-z][a-z0-9+.-]*:|#|\/)([^)\s]+)\)/gi, (_, path: string) => `](${root}${path})`);
}
