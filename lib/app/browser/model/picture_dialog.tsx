import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ModelPage, ModelPicture } from "../../api/shapes/model.ts";
import { previewUrl } from "../pictures/preview_url.ts";
import { isBlurred, maturityName } from "../pictures/maturity.ts";
import type { PictureChoice } from "../pictures/picture_choice.ts";
import { CopyButton } from "./copy_button.tsx";
import type { ModelMessages } from "../messages/model_en.ts";

/** What the dialog shows. */
export interface PictureDialogProps {
  readonly model: ModelPage;
  readonly items: readonly ModelPicture[];
  readonly index: number;
  readonly pictures: PictureChoice;
  readonly words: ModelMessages;
  readonly onIndex: (index: number) => void;
  readonly onClose: () => void;
}

/** One picture as large as the screen allows, with its prompt and settings. */
export function PictureDialog({ model, items, index, pictures, words, onIndex, onClose }: PictureDialogProps): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const picture = items[index]!;
  const name = `picture:${picture.id}`;
  const isHidden = isBlurred(picture.level, pictures.blurFrom.value) && !pictures.revealed.value.has(name);
  const step = (by: number) => onIndex(Math.min(items.length - 1, Math.max(0, index + by)));
  function onKeyDown({ key, target }: KeyboardEvent): void {
    if (target instanceof HTMLVideoElement) return;
    if (key === "ArrowLeft") step(-1);
    if (key === "ArrowRight") step(1);
  }
  return (
    <dialog
      ref={dialog}
      class="viewer"
      aria-labelledby="viewer-title"
      onClose={onClose}
      onKeyDown={onKeyDown}
      onClick={({ target }) => target === dialog.current && dialog.current?.close()}
    >
      <div class="viewer-inner">
        <div class="viewer-bar">
          <h2 id="viewer-title" aria-live="polite">{words.pictureOf(index + 1, items.length)}</h2>
          <button
            type="button"
            class="button"
            aria-label={words.previous}
            disabled={index === 0}
            onClick={() => step(-1)}
          >
            <span aria-hidden="true">←</span>
          </button>
          <button
            type="button"
            class="button"
            aria-label={words.next}
            disabled={index === items.length - 1}
            onClick={() => step(1)}
          >
            <span aria-hidden="true">→</span>
          </button>
          <button type="button" class="button" autofocus onClick={() => dialog.current?.close()}>{words.close}</button>
        </div>
        <div class="viewer-picture">
          {isHidden
            ? (
              <button type="button" class="button" onClick={() => pictures.reveal(name)}>
                <span class="badge">{maturityName(picture.level)}</span> {words.showPicture(index + 1)}
              </button>
            )
            : <Picture key={picture.id} picture={picture} alt={words.picture(index + 1, model.name)} />}
        </div>
        <PictureFacts picture={picture} words={words} />
      </div>
    </dialog>
  );
}

/** The picture itself; until it has come, and where it has fewer pixels, its preview. */
function Picture({ picture, alt }: { readonly picture: ModelPicture; readonly alt: string }): VNode {
  const url = previewUrl(picture.src, "original");
  const isThere = useSignal(false);
  const preview = useRef<HTMLImageElement>(null);
  const size = picture.width !== null && picture.height !== null
    ? { width: picture.width, height: picture.height }
    : {};
  if (picture.isVideo) return <video src={url} aria-label={alt} controls loop muted {...size} />;
  const show = ({ currentTarget }: { readonly currentTarget: HTMLImageElement }): void => {
    isThere.value = currentTarget.naturalWidth >= (preview.current?.naturalWidth ?? 0);
  };
  return (
    <>
      <img class={isThere.value ? "is-there" : ""} src={url} alt={alt} decoding="async" onLoad={show} {...size} />
      {!isThere.value && <img ref={preview} class="under" src={previewUrl(picture.src, 450)} alt="" />}
    </>
  );
}

function PictureFacts({ picture, words }: { readonly picture: ModelPicture; readonly words: ModelMessages }): VNode {
  const settings = Object.entries(picture.meta);
  if (picture.prompt === null && picture.negative === null && settings.length === 0) {
    return <p class="soft">{words.noPrompt}</p>;
  }
  return (
    <div class="viewer-facts">
      {picture.prompt !== null && <Prompt title={words.prompt} text={picture.prompt} words={words} />}
      {picture.negative !== null && <Prompt title={words.negative} text={picture.negative} words={words} />}
      {settings.length > 0 && (
        <>
          <h3>{words.settings}</h3>
          <dl class="settings">
            {settings.map(([name, value]) => (
              <div key={name}>
                <dt>
                  <bdi>{name}</bdi>
                </dt>
                <dd>
                  <bdi>{value}</bdi>
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </div>
  );
}

function Prompt({ title, text, words }: {
  readonly title: string;
  readonly text: string;
  readonly words: ModelMessages;
}): VNode {
  return (
    <div class="prompt">
      <h3>{title}</h3>
      <p class="prompt-text" dir="auto">{text}</p>
      <CopyButton text={text} label={words.copyPrompt} name={title} words={words} />
    </div>
  );
}
