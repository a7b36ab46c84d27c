import type { DevTools } from "./_dev_tools.ts";

/** How a page is displayed. */
export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  /** Device pixels for a CSS pixel. */
  readonly ratio?: number;
  /** The language of the browser. */
  readonly language?: "en-US" | "ja";
  /** The theme of the system. */
  readonly theme?: "light" | "dark";
  readonly timezone?: string;
}

/** A place on the screen, in CSS pixels. */
export interface PagePoint {
  readonly x: number;
  readonly y: number;
}

/** Options of {@linkcode BrowserPage.press}. */
export interface PressOptions {
  /** Number of the key. */
  readonly code?: number;
  /** The text that it types. */
  readonly text?: string;
  readonly isWithControl?: boolean;
  /** What the editor does with it, such as `paste`. */
  readonly command?: string;
}

/** Time limit for a condition. */
const PATIENCE_MS = 30_000;

const TELL_VIOLATIONS = `addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  console.error("policy " + violatedDirective + " " + blockedURI))`;

/** Bit of the control key in the protocol. */
const CONTROL = 2;

/** A page in a browser. */
export class BrowserPage {
  readonly #tools: DevTools;
  readonly #session: string;
  /** Errors and refused requests of the page, and its requests to other machines. */
  readonly complaints: string[] = [];
  /** All of that, errors on the console, violations of the page's policy, and requests that failed or were refused. */
  readonly troubles: string[] = [];

  private constructor(tools: DevTools, session: string) {
    this.#tools = tools;
    this.#session = session;
    tools.listen(({ method, sessionId, params = {} }) => {
      if (sessionId !== session) return;
      if (method === "Runtime.exceptionThrown") this.#complain(JSON.stringify(params.exceptionDetails));
      if (method === "Network.requestWillBeSent") this.#note((params.request as { url: string }).url);
      if (method === "Log.entryAdded") {
        const { source, level, text, url = "" } = params.entry as Record<string, string>;
        if (source === "security" || source === "javascript") this.#complain(text!);
        else if (level === "error" || level === "warning") this.troubles.push(`${level}: ${text} ${url}`);
      }
      if (method === "Runtime.consoleAPICalled" && ["error", "warning", "assert"].includes(params.type as string)) {
        const values = params.args as readonly { readonly value?: unknown; readonly description?: string }[];
        this.troubles.push(`console: ${values.map(({ value, description }) => value ?? description).join(" ")}`);
      }
    });
  }

  /** Open the page. */
  static async open(tools: DevTools, url: string, options: PageOptions): Promise<BrowserPage> {
    const { width = 1280, height = 900, ratio = 1, language = "en-US", theme = "light", timezone = "UTC" } = options;
    const { browserContextId } = await tools.send("Target.createBrowserContext", { disposeOnDetach: true });
    const { targetId } = await tools.send("Target.createTarget", { url: "about:blank", browserContextId });
    const { sessionId } = await tools.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new BrowserPage(tools, sessionId as string);
    for (const domain of ["Page", "Runtime", "Network", "Log"]) await page.#send(`${domain}.enable`);
    await page.#send("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: ratio,
      mobile: width < 600,
    });
    await page.#send("Emulation.setTimezoneOverride", { timezoneId: timezone });
    const { userAgent } = await tools.send("Browser.getVersion");
    await page.#send("Emulation.setUserAgentOverride", { userAgent, acceptLanguage: language });
    // Each page is that of the window that is in front.
    await page.#send("Emulation.setFocusEmulationEnabled", { enabled: true });
    await page.#send("Page.addScriptToEvaluateOnNewDocument", { source: TELL_VIOLATIONS });
    await page.setTheme(theme);
    await page.goto(url);
    return page;
  }

  /** Go to an address. */
  async goto(url: string): Promise<void> {
    // The document before it may have the same address.
    await this.evaluate("globalThis.isLeft = true");
    await this.#send("Page.navigate", { url });
    await this.waitFor(`!globalThis.isLeft && document.readyState === "complete" && location.href.startsWith("http")`);
  }

  /** Set the theme of the system. */
  async setTheme(theme: "light" | "dark"): Promise<void> {
    const features = [{ name: "prefers-color-scheme", value: theme }, {
      name: "prefers-reduced-motion",
      value: "reduce",
    }];
    await this.#send("Emulation.setEmulatedMedia", { features });
  }

  /** Return the value of an expression, awaited. */
  async evaluate<T>(expression: string): Promise<T> {
    const answer = await this.#send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    const { result, exceptionDetails } = answer as { result: { value: T }; exceptionDetails?: unknown };
    if (exceptionDetails !== undefined) {
      throw new Error(`Cannot evaluate ${expression}: ${JSON.stringify(exceptionDetails)}`);
    }
    return result.value;
  }

  /** Wait until an expression is true. */
  async waitFor(expression: string): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (!await this.evaluate<boolean>(`Boolean(${expression})`).catch(() => false)) {
      if (performance.now() > end) throw new Error(`Not true after ${PATIENCE_MS} ms: ${expression}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Return the text of an element. */
  text(selector: string): Promise<string> {
    return this.evaluate(`document.querySelector(${JSON.stringify(selector)}).innerText`);
  }

  /** Press a key, such as `Tab`. */
  async press(key: string, options: PressOptions = {}): Promise<void> {
    const { code = 0, text, command } = options;
    const event = {
      key,
      code: key === " " ? "Space" : key,
      windowsVirtualKeyCode: code,
      modifiers: options.isWithControl ? CONTROL : 0,
    };
    await this.#send("Input.dispatchKeyEvent", {
      type: "keyDown",
      ...event,
      ...(text === undefined ? {} : { text }),
      ...(command === undefined ? {} : { commands: [command] }),
    });
    await this.#send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
  }

  /** Click with the mouse at a place. */
  async click({ x, y }: PagePoint): Promise<void> {
    const event = { x, y, button: "left", clickCount: 1 };
    await this.#send("Input.dispatchMouseEvent", { type: "mouseMoved", x, y });
    await this.#send("Input.dispatchMouseEvent", { type: "mousePressed", ...event });
    await this.#send("Input.dispatchMouseEvent", { type: "mouseReleased", ...event });
  }

  /** Drag a file of the disk to a place, and drop it there. */
  async dropFile(path: string, { x, y }: PagePoint): Promise<void> {
    const data = { items: [], files: [path], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"]) {
      await this.#send("Input.dispatchDragEvent", { type, x, y, data });
    }
  }

  /** Turn the wheel of the mouse at a place by a number of pixels. */
  async turnWheel(deltaY: number, { x, y }: PagePoint): Promise<void> {
    await this.#send("Input.dispatchMouseEvent", { type: "mouseWheel", x, y, deltaX: 0, deltaY });
  }

  /** Type text into what has the focus. */
  async type(text: string): Promise<void> {
    await this.#send("Input.insertText", { text });
  }

  /** Take a picture of the whole page, or of what is visible. */
  async screenshot({ isWhole = true }: { readonly isWhole?: boolean } = {}): Promise<Uint8Array> {
    const answer = await this.#send("Page.captureScreenshot", { format: "png", captureBeyondViewport: isWhole });
    return Uint8Array.from(atob(answer.data as string), (character) => character.charCodeAt(0));
  }

  #send(method: string, params: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    return this.#tools.send(method, params, this.#session);
  }

  #note(url: string): void {
    if (!/^(?:http:\/\/127\.0\.0\.1:\d+\/|about:|data:)/.test(url)) this.#complain(`asked for ${url}`);
  }

  #complain(text: string): void {
    this.complaints.push(text);
    this.troubles.push(text);
  }
}
