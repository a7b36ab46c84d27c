import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { copyText } from "./copy_text.ts";
import type { ModelMessages } from "../messages/model_en.ts";

/** How long a button says what it has done. */
const TOLD_MS = 2000;

interface CopyButtonProps {
  readonly text: string;
  /** What is shown; the text itself if absent. */
  readonly label?: string;
  /** What is copied, in words, for who does not see where the button is. */
  readonly name: string;
  readonly words: ModelMessages;
  readonly class?: string;
}

/** Copies a text with one click, and says so. */
export function CopyButton({ text, label, name, words, class: className = "button" }: CopyButtonProps): VNode {
  const told = useSignal<"copied" | "failed" | null>(null);
  useEffect(() => {
    if (told.value === null) return;
    const timer = setTimeout(() => told.value = null, TOLD_MS);
    return () => clearTimeout(timer);
  }, [told.value]);
  const copy = async () => told.value = await copyText(text) ? "copied" : "failed";
  const outcome = told.value === "copied" ? words.copied : words.notCopied;
  return (
    <span class="copy">
      <button type="button" class={className} title={words.copy(name)} onClick={() => void copy()}>
        <bdi>{label ?? text}</bdi>
        {label !== undefined && <span class="unseen">{name}</span>}
      </button>
      <span class="told" role="status" data-tone={told.value === "failed" ? "bad" : "good"}>
        {told.value === null ? "" : outcome}
      </span>
    </span>
  );
}
