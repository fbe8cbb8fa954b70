import GUI, { type Controller } from "lil-gui";
import {
  type Experiment,
  type Parameter,
  type ParameterName,
  parameterNames,
  parameters,
} from "../model/experiment";

export interface PanelEvents {
  /** A value was given: raw, as typed. Returns false if it was refused. */
  change(name: ParameterName, value: string): boolean;
}

export interface PanelButton {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  /** Below the parameters of the experiment, not among what runs it. */
  readonly isOfExperiment?: boolean;
  readonly run: () => void;
}

export interface PanelSwitch {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly change: (on: boolean) => void;
}

export interface PanelChoice {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly choices: readonly string[];
  readonly change: (choice: string) => void;
}

/**
 * The controls. Parameters come from the one table; a field holds raw text, so that what
 * is refused can be named as it was typed, and its last good value comes back.
 */
export class Panel {
  private readonly design: GUI;
  /** A person has opened or closed the design: so it stays. */
  private designChosen = false;
  private readonly fields = new Map<ParameterName, Controller>();
  private readonly values: Record<string, string> = {};
  private readonly switches: Record<string, boolean> = {};
  private readonly choices: Record<string, string> = {};
  private readonly viewControllers = new Map<string, Controller>();
  private readonly buttons = new Map<string, Controller>();

  constructor(
    private readonly host: HTMLElement,
    experiment: Experiment,
    events: PanelEvents,
    buttons: readonly PanelButton[],
    switches: readonly PanelSwitch[],
    lists: readonly PanelChoice[],
  ) {
    const section = (title: string) => new GUI({ container: host, title, injectStyles: false });
    const folders = {
      experiment: section("Experiment"),
      design: section("Design"),
    };
    this.design = folders.design;
    for (const name of parameterNames) {
      this.values[name] = String(experiment[name]);
      const parameter: Parameter = parameters[name];
      const controller = this.addField(folders[parameter.group ?? "experiment"], name);
      this.fields.set(name, controller);
      controller.onFinishChange((value: string) => {
        if (value === this.shown[name]) return;
        if (!events.change(name, value)) {
          this.values[name] = this.shown[name];
          controller.updateDisplay();
        }
      });
    }
    const runs = section("Run");
    runs.domElement.classList.add("grid");
    for (const { id, label, help, run, isOfExperiment } of buttons) {
      const folder = isOfExperiment ? folders.experiment : runs;
      const controller = folder.add({ [id]: run }, id).name(label);
      controller.domElement.title = help;
      const button = controller.domElement.querySelector("button");
      if (button) button.id = `do-${id}`;
      // Or Space would press it again instead of running or pausing.
      button?.addEventListener("click", ({ detail }) => detail > 0 && button.blur());
      this.buttons.set(id, controller);
    }
    const view = section("View");
    view.domElement.classList.add("grid", "switches");
    for (const { id, label, help, change } of switches) {
      this.switches[id] = false;
      const controller = view.add(this.switches, id).name(label).onChange(change);
      controller.domElement.title = help;
      this.viewControllers.set(id, controller);
    }
    for (const { id, label, help, choices, change } of lists) {
      this.choices[id] = choices[0];
      const controller = view
        .add(this.choices, id, [...choices])
        .name(label)
        .onChange(change);
      controller.domElement.title = help;
      const input = controller.domElement.querySelector("select");
      if (input) input.id = `set-${id}`;
      this.viewControllers.set(id, controller);
    }
    this.design.$title.addEventListener("click", () => {
      this.designChosen = true;
      this.nameDesign();
    });
    this.show(experiment);
    window.addEventListener("resize", () => this.fit());
  }

  /** Where the window is too low for all controls, they move closer, and then the design folds to a line that says what it is. */
  fit(): void {
    const isFixed = this.designChosen || this.design.domElement.contains(document.activeElement);
    for (const isOpen of isFixed ? [!this.design._closed] : [true, false])
      for (const isTight of [false, true]) {
        if (!isFixed) this.design.open(isOpen);
        this.host.classList.toggle("tight", isTight);
        if (this.host.scrollHeight <= this.host.clientHeight + 1) {
          this.nameDesign();
          return;
        }
      }
    this.nameDesign();
  }

  private nameDesign(): void {
    const changed = parameterNames.flatMap((name) => {
      const parameter: Parameter = parameters[name];
      const value = this.shown[name];
      if (parameter.group !== "design" || value === String(parameter.default)) return [];
      return name === "design" ? [value] : [`${parameter.label} ${value}`];
    });
    const what = changed.join(", ") || parameters.design.default;
    this.design.title(this.design._closed ? `Design: ${what}` : "Design");
  }

  private shown: Record<string, string> = {};

  /** Shows this experiment; a field that is being typed into is left alone unless its value changed. */
  show(experiment: Experiment): void {
    for (const name of parameterNames) {
      const text = String(experiment[name]);
      const parameter: Parameter = parameters[name];
      const controller = this.fields.get(name);
      // A file has its own name and size; its hash is for links.
      const isFixed = experiment.network === "file" && fixedByFile.has(name);
      controller?.show((parameter.applies?.(experiment) ?? true) && name !== "fileHash");
      const input = controller?.domElement.querySelector("input");
      if (input) input.readOnly = isFixed;
      if (this.shown[name] === text) continue;
      this.shown[name] = text;
      this.values[name] = text;
      controller?.updateDisplay();
    }
  }

  showSwitch(id: string, on: boolean): void {
    this.switches[id] = on;
    this.viewControllers.get(id)?.updateDisplay();
  }

  showChoice(id: string, choice: string): void {
    this.choices[id] = choice;
    this.viewControllers.get(id)?.updateDisplay();
  }

  /** Offers a choice, or not. */
  offer(id: string, choice: string, isThere: boolean): void {
    const select = this.viewControllers.get(id)?.domElement.querySelector("select");
    const option = [...(select?.options ?? [])].find(
      ({ value, text }) => value === choice || text === choice,
    );
    if (!option) return;
    option.hidden = !isThere;
    option.disabled = !isThere;
  }

  showButton(id: string, label: string, enabled: boolean): void {
    const controller = this.buttons.get(id);
    controller?.name(label);
    controller?.enable(enabled);
  }

  private addField(gui: GUI, name: ParameterName): Controller {
    const parameter: Parameter = parameters[name];
    const controller =
      parameter.kind === "choice"
        ? gui.add(this.values, name, [...parameter.choices])
        : gui.add(this.values, name);
    controller.name(parameter.label);
    controller.domElement.title = describe(parameter);
    const input = controller.domElement.querySelector("input, select");
    if (input) {
      input.id = `set-${name}`;
      if (parameter.kind !== "choice")
        input.addEventListener("keydown", (event) => {
          if ((event as KeyboardEvent).key !== "Escape") return;
          this.values[name] = this.shown[name];
          controller.updateDisplay();
          (input as HTMLElement).blur();
        });
      if (parameter.kind === "number" && input instanceof HTMLInputElement) {
        input.inputMode = parameter.whole ? "numeric" : "decimal";
        spin(input, parameter.whole ? 1 : 0.01);
      }
    }
    return controller;
  }
}

/** What only another file could change. */
const fixedByFile: ReadonlySet<ParameterName> = new Set(["file", "fileHash", "neurons"]);

const describe = (parameter: Parameter): string => {
  if (parameter.kind === "number")
    return `${parameter.help}: ${parameter.min.toLocaleString("en")} to ${parameter.max.toLocaleString("en")} ${parameter.unit}`.trim();
  return parameter.help;
};

/** Arrow up and down count a number field on, ten times as far with Shift. */
function spin(input: HTMLInputElement, step: number): void {
  input.addEventListener("keydown", (event) => {
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const value = Number(input.value);
    if (!way || !Number.isFinite(value)) return;
    event.preventDefault();
    input.value = String(Number((value + way * step * (event.shiftKey ? 10 : 1)).toFixed(6)));
    input.dispatchEvent(new Event("input"));
  });
}
