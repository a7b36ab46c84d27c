import type { VNode } from "preact";
import type { ModelPage } from "../../api/shapes/model.ts";
import type { ModelMessages } from "../messages/model_en.ts";
import { isBlurred } from "../pictures/maturity.ts";
import { CopyButton } from "./copy_button.tsx";

/** Prompts that are shown; the pictures have all of them. */
const SHOWN = 3;

/** What the samples depend on. */
export interface SamplePromptsProps {
  readonly version: ModelPage["versions"][number];
  /** Maturity from which pictures are blurred: their prompts are not shown either. */
  readonly blurFrom: number;
  readonly words: ModelMessages;
}

/** Prompts of the version's pictures, to copy with one click; nothing if none is known. */
export function SamplePrompts({ version, blurFrom, words }: SamplePromptsProps): VNode | null {
  const prompts = new Set<string>();
  for (const { prompt, level } of version.pictures) {
    if (prompt !== null && !isBlurred(level, blurFrom)) prompts.add(prompt);
  }
  if (prompts.size === 0) return null;
  return (
    <>
      <h3>{words.samplePrompts}</h3>
      <ul class="samples">
        {[...prompts].slice(0, SHOWN).map((prompt, index) => (
          <li key={prompt}>
            <p class="sample" dir="auto" title={prompt}>{prompt}</p>
            <CopyButton text={prompt} label={words.copyPrompt} name={words.samplePrompt(index + 1)} words={words} />
          </li>
        ))}
      </ul>
    </>
  );
}
