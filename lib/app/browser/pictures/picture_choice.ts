import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";

const KEY = "civitai-dl.blur";

/** Which pictures are blurred: as the server's setting says, unless the person at the page wants to see all. */
export class PictureChoice {
  /** Whether mature pictures are blurred; kept by the browser. */
  readonly isBlurring: Signal<boolean> = signal(readBlur());
  /** Pictures that were asked for one by one, by a name of the view. */
  readonly revealed: Signal<ReadonlySet<string>> = signal(new Set());
  /** The maturity from which pictures are blurred; `Infinity` for none. */
  readonly blurFrom: ReadonlySignal<number>;

  constructor(setting: ReadonlySignal<number>) {
    this.blurFrom = computed(() => this.isBlurring.value ? setting.value : Infinity);
  }

  /** Show one picture. */
  reveal(name: string): void {
    this.revealed.value = new Set([...this.revealed.value, name]);
  }

  /** Blur all mature pictures, or none. */
  setBlurring(isBlurring: boolean): void {
    this.isBlurring.value = isBlurring;
    this.revealed.value = new Set();
    try {
      localStorage.setItem(KEY, isBlurring ? "on" : "off");
    } catch {
      // Storage may be blocked; the choice then lasts until the page is closed.
    }
  }
}

function readBlur(): boolean {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    // Storage may be blocked.
    return true;
  }
}
