import type { Action } from "../ui/keys";
import { viewChoices } from "../ui/link";
import type { PanelButton, PanelChoice, PanelSwitch } from "../ui/panel";
import type { State } from "../ui/state";

type View = State["view"];

/** All that a key or a button can ask of the page; each does what suits the room that is open. */
export interface Commands {
  /** "1" … "7"; "" is the lab. */
  openLesson(lesson: View["lesson"]): void;
  turn(lessons: number): void;
  openCompare(): void;
  /** Runs, pauses; reveals a lesson's answer. */
  goOn(): void;
  /** One trial, or half a step of a lesson; -1: back. */
  step(by: 1 | -1): void;
  reset(): void;
  newSeed(): void;
  cancel(): void;
  toggleTruth(): void;
  showTruth(shown: boolean): void;
  togglePooling(): void;
  nextChart(): void;
  toggleSource(): void;
  find(): void;
  fit(): void;
  toggleProjector(): void;
  project(on: boolean): void;
  toggleControls(): void;
  lay(layout: View["layout"]): void;
  savePicture(): void;
  save(): void;
  recoverAll(): void;
  openFile(): void;
  copyLink(): void;
  listKeys(): void;
}

export function keysFor(commands: Commands): Action[] {
  const openLesson = (key: string) => commands.openLesson((key === "0" ? "" : key) as View["lesson"]);
  return [
    { key: "0,1,2,3,4,5,6,7", name: "1 – 7, 0", does: "a lesson; the lab", run: openLesson },
    { key: "pagedown", name: "Page down", does: "next lesson", run: () => commands.turn(1) },
    { key: "pageup", name: "Page up", does: "previous lesson", run: () => commands.turn(-1) },
    { key: "space", name: "Space", does: "run, pause; in a lesson, reveal", run: commands.goOn },
    { key: "right", name: "→", does: "one trial; in lesson 3, half a step", run: () => commands.step(1) },
    { key: "left", name: "←", does: "in lesson 3, half a step back", run: () => commands.step(-1) },
    { key: "r", name: "R", does: "reset: the same trials again", run: commands.reset },
    { key: "n", name: "N", does: "new seed", run: commands.newSeed },
    {
      key: "escape",
      name: "Esc",
      does: "cancel: end this run; the sums so far stay",
      run: commands.cancel,
    },
    { key: "g", name: "G", does: "compare GPU and CPU; back to the lab", run: commands.openCompare },
    {
      key: "t",
      name: "T",
      does: "show or hide the truth; in a lesson, the answer",
      run: commands.toggleTruth,
    },
    {
      key: "m",
      name: "M",
      does: "large matrices: a pixel shows the largest of its pairs, or their mean",
      run: commands.togglePooling,
    },
    {
      key: "v",
      name: "V",
      does: "the next of the charts: convergence, recovery, plan, top",
      run: commands.nextChart,
    },
    {
      key: "a",
      name: "A",
      does: "add the selected neuron to the sources, or leave it out",
      run: commands.toggleSource,
    },
    { key: "/", name: "/", does: "find a neuron by its number, or an arrow as 5-1", run: commands.find },
    { key: "f", name: "F", does: "fit the graph into view", run: commands.fit },
    { key: "p", name: "P", does: "projector theme", run: commands.toggleProjector },
    { key: "h", name: "H", does: "hide or show the controls", run: commands.toggleControls },
    { key: "s", name: "S", does: "save the picture pointed at (PNG and SVG)", run: commands.savePicture },
    { key: "e", name: "E", does: "save effects, the network or the session", run: commands.save },
    {
      key: "w",
      name: "W",
      does: "recover the whole network, all sources in tiles",
      run: commands.recoverAll,
    },
    { key: "o", name: "O", does: "open a network or a session from a file", run: commands.openFile },
    { key: "l", name: "L", does: "copy the link to this state", run: commands.copyLink },
    { key: "?", name: "?", does: "these keys", run: commands.listKeys },
  ];
}

/** Of the panel. */
export function buttonsFor(commands: Commands): PanelButton[] {
  return [
    {
      id: "open",
      label: "open file …",
      help: "a network from a file: CSV, NPY or GraphML; or a session (O)",
      isOfExperiment: true,
      run: commands.openFile,
    },
    {
      id: "save",
      label: "save …",
      help: "effects, the network or the session (E)",
      isOfExperiment: true,
      run: commands.save,
    },
    { id: "run", label: "run", help: "run or pause (Space)", run: commands.goOn },
    { id: "step", label: "one trial", help: "one more trial (→)", run: () => commands.step(1) },
    { id: "reset", label: "reset", help: "the same trials again, from none (R)", run: commands.reset },
    { id: "cancel", label: "cancel", help: "end this run; the sums so far stay (Esc)", run: commands.cancel },
    { id: "new-seed", label: "new seed", help: "other perturbations and noise (N)", run: commands.newSeed },
    {
      id: "recover",
      label: "recover all …",
      help: "the effects of all neurons, in tiles of sources (W)",
      run: commands.recoverAll,
    },
    { id: "keys", label: "keys ?", help: "all keys (?)", run: commands.listKeys },
  ];
}

export function switchesFor(commands: Commands): PanelSwitch[] {
  return [
    {
      id: "truth",
      label: "show truth",
      help: "true arrows and exact effects (T)",
      change: commands.showTruth,
    },
    { id: "projector", label: "projector", help: "white, large type (P)", change: commands.project },
  ];
}

export function choicesFor(commands: Commands): PanelChoice[] {
  return [
    {
      id: "layout",
      label: "layout",
      help: "where the graph's neurons lie; auto is the file's places, or a ring, and a disc above 1,000 neurons",
      choices: viewChoices.layout,
      change: (layout) => commands.lay(layout as View["layout"]),
    },
  ];
}
