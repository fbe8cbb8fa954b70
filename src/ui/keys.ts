import hotkeys from "hotkeys-js";

export interface Action {
  /** As hotkeys-js names it; "?" wherever that is. */
  readonly key: string;
  /** As a person names it. */
  readonly name: string;
  readonly does: string;
  readonly run: () => void;
}

/** Elements that take letters; a pressed button or a chosen option is no typing. */
const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName));

/** Binds every action to its key. Escape works while typing as well. */
export function bindKeys(actions: readonly Action[]): void {
  hotkeys.filter = (event) => event.key === "Escape" || !typing(event.target);
  for (const { key, run } of actions) {
    // Where "?" lies differs between keyboards; hotkeys-js knows keys by their place.
    if (key === "?") {
      window.addEventListener("keydown", (event) => {
        if (event.key === "?" && !typing(event.target)) run();
      });
      continue;
    }
    hotkeys(key, (event) => {
      if (event.repeat && key !== "right") return;
      // On a button, Space and Enter press it.
      if (key === "space" && event.target instanceof HTMLButtonElement) return;
      if (document.querySelector("dialog[open]")) return;
      event.preventDefault();
      run();
    });
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
