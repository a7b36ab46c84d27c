import { escapeMarkdown, markdownCode } from "./_escape_markdown.ts";
import { htmlToMarkdown } from "./_html_to_markdown.ts";
import { loadTokenizer } from "../html/read_html.ts";
import type { SidecarFacts } from "./sidecar_facts.ts";

/**
 * Build `description.md`: the facts that a person needs about a version, and the creator's own words. Nothing in it
 * runs or is loaded when it is read.
 *
 * @param facts Version and model
 * @returns Markdown
 */
export async function descriptionMarkdown(facts: SidecarFacts): Promise<string> {
  const { modelId, versionId, trainedWords, tags } = facts;
  const lines = [
    `- Creator: ${escapeMarkdown(facts.creator ?? "unknown")}`,
    `- Type: ${escapeMarkdown(facts.modelType)}`,
    `- Base model: ${escapeMarkdown(facts.baseModel)}`,
    `- Published: ${facts.publishedAt?.slice(0, 10) ?? "unknown"}`,
    `- Page: <https://civitai.com/models/${modelId}?modelVersionId=${versionId}>`,
    ...(trainedWords.length > 0 ? [`- Trained words: ${trainedWords.map(markdownCode).join(", ")}`] : []),
    ...(tags.length > 0 ? [`- Tags: ${tags.map(escapeMarkdown).join(", ")}`] : []),
  ];
  const sections = [`# ${escapeMarkdown(facts.modelName)}: ${escapeMarkdown(facts.versionName)}`, lines.join("\n")];
  const about = await toMarkdown(facts.modelDescription);
  if (about !== "") sections.push("## Model", about);
  const changes = await toMarkdown(facts.versionDescription);
  if (changes !== "") sections.push("## Version", changes);
  return `${sections.join("\n\n")}\n`;
}

/**
 * Load the HTML tokenizer that {@linkcode descriptionMarkdown} needs while bytes arrive; otherwise the first
 * description would block the thread.
 */
export async function prepareDescriptions(): Promise<void> {
  await loadTokenizer();
}

async function toMarkdown(html: string | null): Promise<string> {
  return html === null || html.trim() === "" ? "" : await htmlToMarkdown(html);
}
