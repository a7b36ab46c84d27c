import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import type { ModelPage } from "../../api/shapes/model.ts";
import type { ModelMessages } from "../messages/model_en.ts";

/** What the queue can do with a model that is in the library. */
const KINDS = ["update", "verify", "repair"] as const;

interface ModelActionsProps {
  readonly model: ModelPage;
  readonly words: ModelMessages;
  readonly post: (path: string, body: unknown) => Promise<unknown>;
  readonly canOpenFolders: boolean;
}

/** Buttons that put work on a model into the queue, and the one that opens its folder. */
export function ModelActions({ model, words, post, canOpenFolders }: ModelActionsProps): VNode {
  const told = useSignal<{ readonly text: string; readonly isQueued: boolean; readonly isBad: boolean } | null>(null);
  const isBusy = useSignal(false);

  async function act(path: string, body: unknown, done: { text: string; isQueued: boolean }): Promise<void> {
    isBusy.value = true;
    told.value = null;
    try {
      await post(path, body);
      told.value = { ...done, isBad: false };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      told.value = { text: words.failed(message), isQueued: false, isBad: true };
    } finally {
      isBusy.value = false;
    }
  }

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
            onClick={() =>
              void act("queue", { kind, targets: [`model:${model.id}`] }, {
                text: words.queued(words[kind]),
                isQueued: true,
              })}
          >
            {words[kind]}
          </button>
        ))}
        {canOpenFolders && model.folder !== null && (
          <button
            type="button"
            class="button"
            disabled={isBusy.value}
            onClick={() =>
              void act(`models/${model.id}/open-folder`, {}, { text: words.folderOpened, isQueued: false })}
          >
            {words.openFolder}
          </button>
        )}
      </div>
      <p class="told" role="status" data-tone={told.value?.isBad ? "bad" : "good"}>
        {told.value?.text} {told.value?.isQueued && <a href="#/queue">{words.toQueue}</a>}
      </p>
    </>
  );
}
