import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import { useApp } from "../context.ts";

/** What is asked, and what the button that says yes is called. */
export interface ConfirmDialogProps {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly onAnswer: (isSure: boolean) => void;
}

/** Asks before something is done that a person may not have meant; closing it is a no. */
export function ConfirmDialog({ title, text, yes, onAnswer }: ConfirmDialogProps): VNode {
  const { frame } = useApp().words.value;
  const isSure = useRef(false);
  const open = useRef((node: HTMLDialogElement | null) => {
    if (node !== null && !node.open) node.showModal();
  });
  const answer = (event: Event, sure: boolean): void => {
    isSure.current = sure;
    (event.target as HTMLElement).closest("dialog")?.close();
  };
  return (
    <dialog
      class="dialog"
      ref={open.current}
      aria-labelledby="confirm-title"
      onClose={() => onAnswer(isSure.current)}
    >
      <h2 id="confirm-title">{title}</h2>
      <p>{text}</p>
      <div class="buttons">
        <button type="button" class="button" onClick={(event) => answer(event, false)}>{frame.back}</button>
        <button type="button" class="button" data-tone="bad" onClick={(event) => answer(event, true)}>{yes}</button>
      </div>
    </dialog>
  );
}
