import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import type { ChangeDocument, Forgotten } from "../../api/shapes/change.ts";
import type { ModelPage } from "../../api/shapes/model.ts";
import { ConfirmDialog } from "../frame/confirm_dialog.tsx";
import type { ModelMessages } from "../messages/model_en.ts";
import type { ModelFormat } from "./model_view.tsx";

/** What the queue can do with a model that is in the library. */
const KINDS = ["update", "verify", "repair"] as const;

interface ModelActionsProps {
  readonly model: ModelPage;
  readonly words: ModelMessages;
  readonly format: ModelFormat;
  readonly post: (path: string, body: unknown) => Promise<unknown>;
  readonly canOpenFolders: boolean;
}

/** What a button has done. */
interface Told {
  readonly text: string;
  /** Whether there is more to see in the queue. */
  readonly isQueued?: boolean;
  /** What takes it back. */
  readonly undo?: ChangeDocument;
  readonly isBad?: boolean;
}

/** Buttons that put work on a model into the queue, that forget it, and the one that opens its folder. */
export function ModelActions({ model, words, format, post, canOpenFolders }: ModelActionsProps): VNode {
  const told = useSignal<Told | null>(null);
  const isBusy = useSignal(false);
  const isAsking = useSignal(false);

  async function act(work: () => Promise<Told>): Promise<void> {
    isBusy.value = true;
    told.value = null;
    try {
      told.value = await work();
    } catch (error) {
      told.value = { text: words.failed(error instanceof Error ? error.message : String(error)), isBad: true };
    } finally {
      isBusy.value = false;
    }
  }

  const enqueue = (kind: (typeof KINDS)[number]) =>
    act(async () => {
      await post("queue", { kind, targets: [`model:${model.id}`], title: model.name });
      return { text: words.queued(words[kind]), isQueued: true };
    });
  const openFolder = () =>
    act(async () => {
      await post(`models/${model.id}/open-folder`, {});
      return { text: words.folderOpened };
    });
  const forget = () =>
    act(async () => {
      const { change, files, bytes } = await post(`models/${model.id}/forget`, {}) as Forgotten;
      const text = files === 0 ? words.forgottenAlone : words.forgotten(files, format.bytes(bytes));
      return change === null ? { text } : { text, undo: change };
    });
  const undo = ({ id }: ChangeDocument) =>
    act(async () => {
      await post(`changes/${id}/undo`, {});
      return { text: words.undone };
    });
  const change = told.value?.undo;
  return (
    <>
      <div class="buttons" role="group" aria-label={words.actions}>
        {KINDS.map((kind) => (
          <button
            key={kind}
            type="button"
            class="button"
            title={words.actionHints[kind]}
            disabled={isBusy.value}
            onClick={() => void enqueue(kind)}
          >
            {words[kind]}
          </button>
        ))}
        {canOpenFolders && model.folder !== null && (
          <button
            type="button"
            class="button"
            disabled={isBusy.value}
            onClick={() => void openFolder()}
          >
            {words.openFolder}
          </button>
        )}
        <button
          type="button"
          class="button"
          title={words.forgetHint}
          disabled={isBusy.value}
          onClick={() => isAsking.value = true}
        >
          {words.forget}
        </button>
      </div>
      <p class="told" role="status" data-tone={told.value?.isBad ? "bad" : "good"}>
        {told.value?.text} {told.value?.isQueued && <a href="#/queue">{words.toQueue}</a>}
        {change !== undefined && (
          <button
            type="button"
            class="text-button"
            disabled={isBusy.value}
            onClick={() => void undo(change)}
          >
            {words.undo}
          </button>
        )}
      </p>
      {isAsking.value && (
        <ConfirmDialog
          title={words.forgetTitle(model.name)}
          text={words.forgetText}
          yes={words.forget}
          onAnswer={(isSure) => {
            isAsking.value = false;
            if (isSure) void forget();
          }}
        />
      )}
    </>
  );
}
