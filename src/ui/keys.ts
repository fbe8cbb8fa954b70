import hotkeys from "hotkeys-js";

export interface Action {
  /** As hotkeys-js names it; "?" wherever that is. */
  readonly key: string;
  /** As a person names it. */
  readonly name: string;
  readonly does: string;
  /** Told which key it was, where several do the same. */
  readonly run: (key: string) => unknown;
}

/** Elements that take letters or have their own use for the keys. */
const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    /^(textarea|select)$/i.test(target.tagName) ||
    (target instanceof HTMLInputElement && !/^(checkbox|radio|range)$/.test(target.type)));

/**
 * A picture moves its own focus with the arrow keys, a slider and a row of choices too; a button or a box is
 * pressed with Space.
 */
function isTaken(event: KeyboardEvent): boolean {
  const { target, key } = event;
  if (!(target instanceof HTMLElement)) return false;
  const slides = target.matches("input[type=range], input[type=radio]");
  if (key.startsWith("Page")) return slides;
  if (key.startsWith("Arrow")) return slides || target.closest("[data-arrow-keys]") !== null;
  return key === " " && /^(button|input|summary)$/i.test(target.tagName);
}

/**
 * Binds every action to its key, wherever the focus is, but not while typing: there Escape
 * takes back what was typed.
 * Keys are heard on their way down, since the panel keeps for itself what reaches it.
 */
export function bindKeys(actions: readonly Action[]): void {
  hotkeys.filter = (event) => !typing(event.target);
  const act = (event: KeyboardEvent, run: () => void) => {
    if (document.querySelector("dialog[open]") || isTaken(event)) return;
    if (event.repeat && event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    event.preventDefault();
    run();
  };
  for (const { key, run } of actions) {
    if (key !== "?") hotkeys(key, { capture: true }, (event, pressed) => act(event, () => run(pressed.key)));
    // Where "?" lies differs between keyboards; hotkeys-js knows keys by their place.
    else
      window.addEventListener(
        "keydown",
        (event) => {
          if (event.key === "?" && !typing(event.target)) act(event, () => run(key));
        },
        { capture: true },
      );
  }
}

/** Fills the dialog that lists the keys. */
export function listKeys(host: HTMLElement, actions: readonly Action[]): void {
  host.replaceChildren(
    ...actions.map(({ name, does }) => {
      const row = document.createElement("div");
      const key = document.createElement("dt");
      const what = document.createElement("dd");
      const cap = document.createElement("kbd");
      cap.textContent = name;
      key.append(cap);
      what.textContent = does;
      row.append(key, what);
      return row;
    }),
  );
}
