import type { Signal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { BlurPicture } from "../pictures/blur_picture.tsx";
import type { Card } from "./card_cache.ts";
import type { LibraryStore } from "./library_store.ts";
import { Icon } from "../frame/icon.tsx";
import { isBlurred, maturityName } from "../pictures/maturity.ts";
import type { PictureChoice } from "../pictures/picture_choice.ts";
import { previewUrl, type PreviewWidth } from "../pictures/preview_url.ts";
import type { LibraryMessages } from "../messages/library_en.ts";

/** What all cards share. */
export interface CardFrame {
  readonly store: LibraryStore;
  readonly words: LibraryMessages;
  /** Index of the card that the keyboard is on. */
  readonly current: Signal<number>;
  readonly isFast: Signal<boolean>;
  readonly pictures: PictureChoice;
}

/** Where a card is, and which one. */
export interface CardProps {
  readonly frame: CardFrame;
  readonly id: number;
  readonly index: number;
  readonly count: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly pictureHeight: number;
}

/** One model of the grid: a link to its page. */
export function ModelCard({ frame, id, index, count, ...place }: CardProps): VNode {
  const { store, words } = frame;
  // Reading the revision draws the card anew when it has come.
  const card = store.revision.value >= 0 ? store.cards.get(id) : undefined;
  const isCurrent = frame.current.value === index;
  const { blurFrom, revealed } = frame.pictures;
  const isHidden = card !== undefined && isBlurred(card.level, blurFrom.value) && !revealed.value.has(`model:${id}`);
  const style = {
    left: `${place.left}px`,
    top: `${place.top}px`,
    width: `${place.width}px`,
    height: `${place.height}px`,
  };
  return (
    <li class="model" style={style} aria-setsize={count} aria-posinset={index + 1}>
      <a
        class="model-link"
        href={`#/library/${id}`}
        tabIndex={isCurrent ? 0 : -1}
        data-index={index}
        aria-labelledby={`name-${id} about-${id}`}
      >
        <CardPicture frame={frame} card={card} isHidden={isHidden} width={place.width} height={place.pictureHeight} />
        <CardText id={id} card={card} words={words} />
      </a>
      {isHidden && card.preview !== null && (
        <button
          type="button"
          class="reveal"
          tabIndex={isCurrent ? 0 : -1}
          aria-label={words.showPicture(card.name)}
          onClick={() => frame.pictures.reveal(`model:${id}`)}
        >
          <span class="badge">{maturityName(card.level)}</span> {words.show}
        </button>
      )}
    </li>
  );
}

function CardText({ id, card, words }: { id: number; card: Card | undefined; words: LibraryMessages }): VNode {
  if (card === undefined) {
    return (
      <span class="model-text">
        <span class="model-name" id={`name-${id}`}>{`${id}`}</span>
        <span id={`about-${id}`} />
      </span>
    );
  }
  const version = [card.base, card.version].filter(Boolean).join(" · ");
  return (
    <span class="model-text">
      <bdi class="model-name" id={`name-${id}`} title={card.name}>{card.name}</bdi>{" "}
      <span class="model-about" id={`about-${id}`}>
        <span class="model-line">
          <bdi>{card.creator ?? words.noCreator}</bdi>
        </span>{" "}
        <span class="model-line" title={version}>
          <bdi>{version}</bdi>
        </span>{" "}
        <span class="model-line">
          <span class="badge">{card.type}</span> {card.versions > 1 && <span>{words.versions(card.versions)}</span>}
        </span>{" "}
        <span class="model-marks">
          {card.state !== "done" && (
            <span class="badge" data-tone={toneOf(card.state)}>{words.states[card.state] ?? card.state}</span>
          )}
          {card.removed && <span class="badge" data-tone="warn">{words.removed}</span>}
        </span>
      </span>
    </span>
  );
}

interface PictureProps {
  readonly frame: CardFrame;
  readonly card: Card | undefined;
  readonly isHidden: boolean;
  readonly width: number;
  readonly height: number;
}

function CardPicture({ frame, card, isHidden, width, height }: PictureProps): VNode {
  const [state, setState] = useState<"waiting" | "there" | "broken">("waiting");
  // A picture that failed is asked for again when the library has changed.
  useEffect(() => {
    if (state === "broken") setState("waiting");
  }, [card]);
  const hasPicture = card !== undefined && card.preview !== null && state !== "broken";
  // What has come stays; what has not is not asked for while it would only fly by.
  const isShown = hasPicture && !isHidden && (state === "there" || !frame.isFast.value);
  return (
    <span class="picture" style={{ height: `${height}px` }}>
      {card !== undefined && card.hash !== null && <BlurPicture hash={card.hash} />}
      {card !== undefined && !hasPicture && <NoPicture type={card.type} words={frame.words} />}
      {isShown && (
        <img
          class={state === "there" ? "is-there" : ""}
          src={previewUrl(card.preview!, widthFor(width))}
          alt={card.name}
          loading="lazy"
          decoding="async"
          draggable={false}
          onLoad={() => setState("there")}
          onError={() => setState("broken")}
        />
      )}
    </span>
  );
}

/** What a card shows in place of a picture, drawn by the styles. */
function NoPicture({ type, words }: { readonly type: string; readonly words: LibraryMessages }): VNode {
  return (
    <span class="no-picture" data-type={type} data-note={words.noPicture}>
      <Icon name="model" />
    </span>
  );
}

/** The width to ask for, which is the smaller one for narrow cards on simple screens. */
function widthFor(cardWidth: number): PreviewWidth {
  return cardWidth * Math.min(2, globalThis.devicePixelRatio) <= 320 ? 320 : 450;
}

function toneOf(state: string): string {
  if (state === "failed" || state === "corrupted") return "bad";
  return state === "partial" ? "warn" : "plain";
}
