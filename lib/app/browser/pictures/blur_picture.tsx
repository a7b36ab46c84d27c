import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { BLUR_HEIGHT, BLUR_WIDTH, decodeBlurhash } from "./decode_blurhash.ts";

/** Shows the colors of a picture that is not there, or not to be seen. */
export function BlurPicture({ hash }: { readonly hash: string }): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const pixels = decodeBlurhash(hash);
    const drawing = canvas.current?.getContext("2d");
    if (pixels === null || !drawing) return;
    drawing.putImageData(new ImageData(pixels, BLUR_WIDTH, BLUR_HEIGHT), 0, 0);
  }, [hash]);
  return <canvas ref={canvas} class="blur" width={BLUR_WIDTH} height={BLUR_HEIGHT} aria-hidden="true" />;
}
