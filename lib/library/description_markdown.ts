import type { SidecarFacts } from "./sidecar_facts.ts";

/**
 * Build `description.md`: what a person wants to know about a version, and the creator's own words.
 *
 * @param facts Version and model
 * @returns Markdown
 */
export async function descriptionMarkdown(facts: SidecarFacts): Promise<string> {
  const { modelId, versionId, trainedWords, tags } = facts;
  const lines = [
    `- Creator: ${escape(facts.creator ?? "unknown")}`,
    `- Type: ${escape(facts.modelType)}`,
    `- Base model: ${escape(facts.baseModel)}`,
    `- Published: ${facts.publishedAt?.slice(0, 10) ?? "unknown"}`,
    `- Page: <https://civitai.com/models/${modelId}?modelVersionId=${versionId}>`,
    ...(trainedWords.length > 0 ? [`- Trained words: ${trainedWords.map(code).join(", ")}`] : []),
    ...(tags.length > 0 ? [`- Tags: ${tags.map(escape).join(", ")}`] : []),
  ];
  const sections = [`# ${escape(facts.modelName)}: ${escape(facts.versionName)}`, lines.join("\n")];
  const about = await toMarkdown(facts.modelDescription);
  if (about !== "") sections.push("## Model", about);
  const changes = await toMarkdown(facts.versionDescription);
  if (changes !== "") sections.push("## Version", changes);
  return `${sections.join("\n\n")}\n`;
}

/**
 * Load what {@linkcode descriptionMarkdown} needs, some 40 ms of work that would otherwise stop the thread at the first
 * description, while bytes come in.
 */
export async function prepareDescriptions(): Promise<void> {
  await loadConverter();
}

/** An HTML parser comes with it, that most commands never need. */
function loadConverter(): Promise<typeof import("npm:node-html-markdown@^2.0.0")> {
  return import("npm:node-html-markdown@^2.0.0");
}

async function toMarkdown(html: string | null): Promise<string> {
  if (html === null || html.trim() === "") return "";
  const { NodeHtmlMarkdown } = await loadConverter();
  // Links that run something are for nobody's library.
  const safe = html.replace(/\b(href|src)\s*=\s*(["']?)\s*(?:javascript|data|vbscript):[^"'>\s]*/gi, "$1=$2#");
  return NodeHtmlMarkdown.translate(safe).trim();
}

function escape(text: string): string {
  return text.replace(/\s+/g, " ").trim().replace(/[\\`*_[\]<>#|]/g, "\\$&");
}

function code(text: string): string {
  const fence = "`".repeat(1 + Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)));
  const space = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${space}${text.replace(/\s+/g, " ")}${space}${fence}`;
}
