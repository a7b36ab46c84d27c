import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ModelPage, ModelPicture } from "../../api/shapes/model.ts";
import { BlurPicture } from "../pictures/blur_picture.tsx";
import { isBlurred, maturityName } from "../pictures/maturity.ts";
import { previewUrl } from "../pictures/preview_url.ts";
import type { PictureChoice } from "../pictures/picture_choice.ts";
import type { ModelMessages } from "../messages/model_en.ts";
import { PictureDialog } from "./picture_dialog.tsx";

/** Pictures that are shown without a click. */
const SHOWN = 24;

/** What the gallery shows. */
export interface GalleryProps {
  readonly model: ModelPage;
  readonly items: readonly ModelPicture[];
  readonly pictures: PictureChoice;
  readonly words: ModelMessages;
}

/** The pictures of a version, which open larger. */
export function Gallery({ model, items, pictures, words }: GalleryProps): VNode {
  const opened = useSignal<number | null>(null);
  const limit = useSignal(SHOWN);
  const list = useRef<HTMLUListElement>(null);
  const last = useRef<number | null>(null);
  useEffect(() => {
    if (opened.value !== null) {
      last.current = opened.value;
      return;
    }
    // The focus goes back to the picture that was looked at last.
    if (last.current !== null) list.current?.querySelectorAll<HTMLElement>(".thumb")[last.current]?.focus();
  }, [opened.value]);
  return (
    <>
      <ul ref={list} class="gallery">
        {items.slice(0, limit.value).map((picture, index) => (
          <li key={picture.id}>
            <Thumb
              picture={picture}
              number={index + 1}
              model={model}
              pictures={pictures}
              words={words}
              onOpen={() => opened.value = index}
            />
          </li>
        ))}
      </ul>
      {items.length > limit.value && (
        <button type="button" class="button" onClick={() => limit.value = items.length}>
          {words.morePictures(items.length - limit.value)}
        </button>
      )}
      {opened.value !== null && (
        <PictureDialog
          model={model}
          items={items}
          index={opened.value}
          pictures={pictures}
          words={words}
          onIndex={(index) => opened.value = index}
          onClose={() => opened.value = null}
        />
      )}
    </>
  );
}

interface ThumbProps {
  readonly picture: ModelPicture;
  readonly number: number;
  readonly model: ModelPage;
  readonly pictures: PictureChoice;
  readonly words: ModelMessages;
  readonly onOpen: () => void;
}

function Thumb({ picture, number, model, pictures, words, onOpen }: ThumbProps): VNode {
  const state = useSignal<"waiting" | "there" | "broken">("waiting");
  const name = `picture:${picture.id}`;
  const isHidden = isBlurred(picture.level, pictures.blurFrom.value) && !pictures.revealed.value.has(name);
  const openWords = picture.isVideo ? words.openVideo(number) : words.openPicture(number);
  return (
    <button
      type="button"
      class="thumb"
      aria-label={isHidden ? words.showPicture(number) : openWords}
      onClick={() => isHidden ? pictures.reveal(name) : onOpen()}
    >
      {picture.hash !== null && <BlurPicture hash={picture.hash} />}
      {!isHidden && state.value !== "broken" && (
        <img
          class={state.value === "there" ? "is-there" : ""}
          src={previewUrl(picture.src, 450)}
          alt={words.picture(number, model.name)}
          loading="lazy"
          decoding="async"
          onLoad={() => state.value = "there"}
          onError={() => state.value = "broken"}
        />
      )}
      {isHidden && (
        <span class="reveal">
          <span class="badge">{maturityName(picture.level)}</span> {words.show}
        </span>
      )}
      {picture.isVideo && <span class="badge thumb-kind">{words.video}</span>}
    </button>
  );
}
