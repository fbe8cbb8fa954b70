import { proxy } from "comlink";
import type { Session as SavedSession, SessionHead } from "../io/sessionFile";
import { lessons } from "../lessons/lessons";
import { type Experiment, type ParameterName, parameters, parseParameter } from "../model/experiment";
import { InputError } from "../model/inputError";
import { bindKeys, listKeys } from "../ui/keys";
import { mirror, readLink } from "../ui/link";
import { Panel } from "../ui/panel";
import { selectionFor } from "../ui/search";
import { defaultState, type State, Store } from "../ui/state";
import { parseViewNumber, type ViewNumber } from "../ui/viewNumbers";
import type { Focus, FocusEvents } from "../view/focus";
import { exportPng, exportSvg, pictureName } from "../view/picture";
import { ChartsRoom, nextCharts } from "./chartsRoom";
import { CompareDoor, compareStops, isComparing } from "./compareDoor";
import { buttonsFor, type Commands, choicesFor, keysFor, switchesFor } from "./controls";
import { byId, write } from "./elements";
import { FileDialog, type Wanted } from "./fileDialog";
import { type Forecast, forecast, sumsBytes } from "./forecast";
import type { HiredDesk } from "./hire";
import { Keeper } from "./keeper";
import { LessonRoom, mostLessonNeurons, trialStops } from "./lessonRoom";
import { lessonDefaults, lessonOf } from "./lessonState";
import { priceText } from "./linkBudget";
import { byNumbers, lastOpenedFile, needsFile, type OpenedFile, placesOf, setOpenedFile } from "./openedFile";
import { inOwnTask } from "./ownTask";
import { PairDetails } from "./pairDetails";
import { Pictures, writeSelection } from "./pictures";
import { SaveDialog } from "./saveDialog";
import { Saving } from "./saving";
import { type Progress, Session } from "./session";
import { sessionRecord } from "./sessionRecord";
import { withOrWithout } from "./sourceList";
import { sweepSpills } from "./spills";
import { memoryText, sizeText, speedText, statusText } from "./status";
import { TilesDialog } from "./tilesDialog";

/** The page: one state, one session, its pictures and its controls, joined. */
export function openLab(): void {
  const first = readLink(location.hash, defaultState, lessonDefaults, checked);
  const store = new Store(first.state);
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");

  let problems: readonly string[] = first.problems;
  let note = "";
  const showNotice = () => {
    const text = [...problems, note].filter(Boolean).join(" ");
    write("notice", text);
    byId("notice").hidden = text === "";
  };
  /** Says what was refused, and why; nothing: what was said before holds no longer. */
  const complain = (...sentences: readonly string[]) => {
    problems = sentences;
    showNotice();
  };

  const focusEvents: FocusEvents = {
    hover: (focus: Focus) => pictures.hover(focus),
    select: (focus: Focus) => {
      const select = writeSelection(focus);
      const { view } = store.state;
      // A lesson that picks a source always has one: there a click picks, and never lets go.
      if (lessonOf(view)?.view.source !== undefined) {
        if (select !== "") store.setView({ select });
      } else store.setView({ select: select === view.select ? "" : select });
    },
  };

  const room = new LessonRoom(store.state, {
    ...focusEvents,
    ready: (picture, lesson) => {
      if (lesson.beside.includes("graph") && lesson.number < 4) pictures.showTruthAlone();
      else pictures.show(picture);
    },
    change: (name, value) => void changeParameter(name, value),
    poked: (neurons) => pictures.setPoked(neurons),
    failed: (error) => {
      complain(`The lesson stopped: ${error.message}`);
    },
  });
  const followers = [(focus: Focus) => room.highlight(focus)];
  const pictures = new Pictures(
    store.state,
    focusEvents,
    (focus) => {
      for (const follow of followers) follow(focus);
    },
    {
      pair: (source, target) => session.pair(source, target),
      ego: (neuron, out, most) => session.ego(neuron, out, most),
      wired: () => session.wired(),
    },
    new PairDetails((z, source, target) => session.pairNeed(z, source, target)),
    (cells) => session.cells(cells),
    (cells) => store.setView({ cells }),
  );
  const compare = new CompareDoor({
    select: (focus) => focusEvents.select(focus),
    failed: (error) => {
      complain(`Compare mode stopped: ${error.message}`);
    },
  });
  const charts = new ChartsRoom(store.state, {
    ...focusEvents,
    choose: (name) => store.setView({ charts: name }),
    change: (name, text) => changeViewNumber(name, text),
    recover: (confidence) => session.recover(confidence),
    needs: (z) => session.needs(z),
    pairNeed: (z, source, target) => session.pairNeed(z, source, target),
  });
  followers.push((focus) => charts.highlight(focus));
  const inLesson = () => store.state.view.lesson !== "";
  const comparing = () => isComparing(store.state);
  /** The lab's own pictures and run are on show. */
  const inLab = (state = store.state) => state.view.lesson === "" && !isComparing(state);

  const session = new Session(
    {
      laid: (laid, experiment) => pictures.lay(laid, { ...store.state, experiment }),
      prepared: (prepared, experiment, task) => {
        pictures.begin(prepared, task);
        inOwnTask(() => charts.begin(prepared, { ...store.state, experiment }));
        room.show(store.state);
      },
      effects: (effects) => {
        if (inLab()) pictures.showEffects(effects);
      },
      picture: (picture) => {
        if (!inLab()) return;
        pictures.showJudgement(picture);
        inOwnTask(() => charts.show(picture));
        showPokes(picture.trials);
      },
      area: (area) => {
        if (inLab()) inOwnTask(() => charts.showArea(area));
      },
      progress: (progress) => showProgress(progress),
    },
    {
      paced: () => store.state.view.pace === "on" && !still.matches,
      mostArrows: () => pictures.mostArrows,
      cells: () => pictures.cells,
      // A lesson has its own numbers, compare mode too; the lab's run would only compete with them.
      starts: () => inLab(),
      begun: (experiment, anew) => keeper.take(experiment, anew),
    },
    store.state.experiment,
  );
  const saving = new Saving(session);
  const keeper = new Keeper(() => saving.keep());

  const priceOf = (ahead: Forecast) => priceText(ahead, store.state.view.layout);

  /** The last trial's pokes; at full speed they shimmer, unless motion is unwelcome. */
  const showPokes = (trials: number) => {
    if (!inLab()) return;
    const shown = session.state === "paused" || (session.state === "running" && !still.matches);
    pictures.showPokes(shown ? trials - 1 : null);
  };

  const showProgress = (progress: Progress) => {
    const { state, experiment, engine, failure } = progress;
    const root = document.documentElement.dataset;
    const changed = root.state !== state;
    if (changed) root.state = state;
    root.engine = engine ?? "";
    root.trials = String(progress.trials);
    note = failure ? `The run stopped: ${failure}` : progress.engineNote;
    if (state === "offered" && progress.forecast)
      note = inLab()
        ? priceOf(progress.forecast) + (pictures.sources ? " The pictures are those of before." : "")
        : "";
    showNotice();
    charts.progress(progress);
    keeper.hear(progress);
    write("status", statusText(progress));
    byId("begun").hidden = progress.begun === "";
    write("begun", progress.begun);
    const bar = byId<HTMLProgressElement>("progress");
    bar.value =
      state === "preparing" ? (progress.preparation?.share ?? 0) : progress.trials / experiment.trials;
    byId("to-gpu").hidden = !session.mayReturn;
    write("engine", engine ? engine.toUpperCase() : "…");
    write("adapter", progress.adapter || "…");
    byId("adapter").title = progress.adapter;
    write("speed", speedText(progress));
    write("seed", experiment.seed);
    write("memory", memoryText(progress, store.state.view.layout));
    byId("memory").title = sizeText(progress, store.state.view.layout);
    if (!changed) return;
    tiles.refresh();
    if (state !== "running") showPokes(progress.trials);
    const idle = state === "preparing" || state === "failed";
    const ended = state === "done" || state === "cancelled";
    panel.showButton("run", state === "running" ? "pause" : ended ? "run again" : "run", !idle);
    panel.showButton("step", "one trial", !idle && !ended && state !== "offered");
    panel.showButton("cancel", "cancel", state === "running" || state === "paused" || state === "preparing");
  };

  byId("to-gpu").addEventListener("click", () => void session.returnToGpu());

  /** What a link asks for, until a person starts it or asks for something else: it starts what is within its budget. */
  let linkAsks: Experiment | null = store.state.experiment;
  /** What a link asked for of a network that is in a file, until that is opened. */
  let wanted: State | null = first.wanted ?? null;
  const files = new FileDialog({
    opened: (hired, file) => takeFile(hired, file),
    onShow: () => {
      const file = lastOpenedFile();
      const { network, fileHash } = store.state.experiment;
      return inLab() && network === "file" && fileHash === file?.about.fileHash ? file : null;
    },
    fits(head, name) {
      checkFrom(head, name);
      if (!needsFile(head.experiment)) checked(head.experiment);
    },
    resume: (saved) => resume(saved),
    readPlaces: (table, tell) => session.readPlaces(table, proxy(tell)),
    endPlaces: () => session.endPlaces(),
    placed(places) {
      const file = lastOpenedFile();
      if (!file) return;
      setOpenedFile({ ...file, places });
      pictures.replace();
      showControls();
    },
  });
  let wantedBy: Wanted["by"] = "link";
  const want = (asked: State | null, by: Wanted["by"] = "link") => {
    wanted = asked;
    wantedBy = by;
    files.want(asked && { ...asked.experiment, by });
  };
  want(wanted);
  const takeFile = (hired: HiredDesk, file: OpenedFile) => {
    const before = lastOpenedFile();
    const { experiment, view } = wanted ?? (inLesson() ? outside : store.state);
    // Sources of another network mean nothing in this one.
    const sources = wanted ? experiment.sources : parameters.sources.default;
    const layout = view.layout === "places" && !file.places ? "auto" : view.layout;
    const looked = wanted ? {} : { select: "", cells: "", layout };
    setOpenedFile(file);
    let next: Experiment;
    try {
      next = checked({ ...experiment, sources, ...file.about });
    } catch (error) {
      setOpenedFile(before);
      throw error;
    }
    if (wanted && wantedBy === "link") linkAsks = next;
    want(null);
    complain();
    session.adopt(hired, file.about.fileHash);
    const isThere = isSame(next, store.state.experiment) && inLab();
    const { theme, pace, hide, embed } = store.state.view;
    const shown = { ...view, ...looked, theme, pace, hide, embed, lesson: "", mode: "lab" } as const;
    store.set({ experiment: next, view: Object.freeze(shown) });
    if (isThere) begin(next);
    showControls();
    write("spoken", file.described);
  };

  /** Shows a session that was saved, paused; or waits for the file that its network is in. */
  const resume = (saved: SavedSession): boolean => {
    const { experiment } = saved.head;
    const { theme, pace, hide, embed, ...view } = store.state.view;
    const layout = view.layout === "places" ? "auto" : view.layout;
    const shown = { ...view, theme, pace, hide, embed, layout, lesson: "", mode: "lab" } as const;
    const asked = { experiment, view: Object.freeze({ ...shown, select: "", cells: "" }) };
    const waits = needsFile(experiment);
    if (!waits) checked(experiment);
    keeper.offer(saved);
    want(waits ? asked : null, "session");
    if (waits) return false;
    complain();
    const isThere = isSame(experiment, store.state.experiment) && inLab();
    store.set(asked);
    if (isThere) void session.begin(experiment);
    showControls();
    return true;
  };

  /** Another kind of network; from a file and back, with a number of neurons that somebody chose. */
  const withKind = (experiment: Experiment, value: string): Experiment | null => {
    const network = parseParameter("network", value);
    const opened = lastOpenedFile();
    if (network === "file") return opened && { ...experiment, ...opened.about, sources: "auto" };
    if (experiment.network !== "file") return { ...experiment, network };
    const { neurons, file, fileHash, sources } = defaultState.experiment;
    return { ...experiment, network, neurons, file, fileHash, sources };
  };

  const changeParameter = (name: ParameterName, value: string): boolean => {
    try {
      const { experiment: now } = store.state;
      const changed =
        name === "network" ? withKind(now, value) : { ...now, [name]: parseParameter(name, value) };
      if (changed === null) {
        files.show();
        return false;
      }
      const experiment = checked(changed);
      complain();
      store.setExperiment(experiment);
      return true;
    } catch (error) {
      complain(
        `${(error as Error).message}; ${parameters[name].label} stays ${shortened(store.state.experiment[name])}.`,
      );
      return false;
    }
  };

  /** Makes the neuron that stays lit a source, or leaves it out again. */
  const toggleSource = () => {
    const { select } = store.state.view;
    const sources = pictures.sources;
    if (!sources) return;
    try {
      const text = withOrWithout(
        sources,
        select === "" ? null : Number.parseInt(select, 10),
        store.state.experiment.neurons,
      );
      changeParameter("sources", text);
    } catch (error) {
      complain((error as Error).message);
    }
  };

  const search = byId<HTMLInputElement>("search");
  search.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") search.value = "";
    if (key === "Escape") search.blur();
    if (key !== "Enter" || search.value.trim() === "") return;
    try {
      const select = selectionFor(search.value, store.state.experiment.neurons, pictures.names);
      complain();
      store.setView({ select });
      search.select();
    } catch (error) {
      complain((error as Error).message);
    }
  });

  const changeViewNumber = (name: ViewNumber, text: string): boolean => {
    try {
      const value = parseViewNumber(name, text);
      complain();
      store.setView({ [name]: value });
      return true;
    } catch (error) {
      complain(`${(error as Error).message}; ${name} stays ${store.state.view[name]}.`);
      return false;
    }
  };

  /** What the lab showed when a lesson took its place. */
  let outside: State = store.state.view.lesson === "" ? store.state : defaultState;
  /** Opens a lesson with all that it sets, or goes back to the lab as it was. */
  const openLesson = (lesson: State["view"]["lesson"]) => {
    const { view } = store.state;
    if (lesson === "" && view.lesson === "") {
      store.setView({ mode: "lab", check: "0" });
      return;
    }
    const { experiment, view: usual } =
      lesson === "" ? outside : lessonDefaults({ lesson, answer: "hidden" });
    const { theme, pace, hide, embed } = view;
    room.restart();
    store.set({ experiment, view: Object.freeze({ ...usual, theme, pace, hide, embed }) });
  };
  /** Compare mode, of the lab's experiment, or back. */
  const openCompare = () => {
    if (inLesson()) openLesson("");
    if (comparing()) openLesson("");
    else store.setView({ mode: "compare" });
  };
  const turn = (by: number) => {
    const next = Number(store.state.view.lesson || 0) + by;
    if (next >= 0 && next <= lessons.length)
      openLesson((next === 0 ? "" : String(next)) as State["view"]["lesson"]);
  };
  const reveal = () => {
    const { view } = store.state;
    const answer = view.answer === "hidden" ? "shown" : "hidden";
    store.setView({ answer, truth: lessonDefaults({ lesson: view.lesson, answer }).view.truth });
  };
  const copyLink = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      write("status", "link copied");
    } catch {
      complain("This browser did not let the link be copied; it is in the address bar.");
    }
  };
  const copyReport = async () => {
    try {
      await navigator.clipboard.writeText(compare.report);
      write("compare-copy", "copied");
      setTimeout(() => write("compare-copy", "copy report"), 2000);
    } catch {
      complain("This browser did not let the report be copied.");
    }
  };
  const saveDialog = new SaveDialog({
    what() {
      const { forecast: ahead, trials, experiment } = session.now;
      const { neurons, seed } = experiment;
      return {
        ...{ neurons, trials, arrows: ahead?.arrows ?? 0, pairs: ahead ? ahead.sources * ahead.targets : 0 },
        sumsBytes: ahead ? sumsBytes(experiment, ahead) : 0,
        word: wordOf(seed),
      };
    },
    write(writing, tell) {
      const { level, rate } = store.state.view;
      return saving.write(writing, { level, rate }, tell);
    },
    end: () => saving.endWriting(),
    session: async () => sessionRecord(session.now, await saving.sumsName()),
    sums: (tell) => saving.session(tell),
    download,
  });
  const tiles = new TilesDialog({
    ahead: (asked) => session.ahead(store.state.view.rate, asked),
    recover(request, tell) {
      const { level, rate } = store.state.view;
      return session.recoverAll({ ...request, level, rate }, tell);
    },
    end: () => session.endRecovering(),
    name() {
      const { neurons, seed } = session.now.experiment;
      return `edges-${neurons}-neurons-${wordOf(seed)}.csv`;
    },
    download,
  });
  const recoverAll = () => {
    if (inLab()) return tiles.show();
    complain("Everything can be recovered in the lab: 0 goes there.");
  };
  const save = () => {
    if (!inLab()) complain("Effects and networks can be saved in the lab: 0 goes there.");
    else if (session.state === "offered")
      complain("There is nothing to save before the first trial: run starts it.");
    else saveDialog.show();
  };
  /** Saves the picture that is pointed at or has the focus, or else the one that matters. */
  const savePicture = async () => {
    const lesson = lessonOf(store.state.view);
    const main = room.mainPicture ?? byId(comparing() ? "compare-pictures" : "graph-figure");
    const figure = pictureOf(pointed) ?? pictureOf(document.activeElement) ?? main;
    const place = lesson
      ? ["lesson", lesson.number, lesson.name]
      : [store.state.experiment.neurons, "neurons"];
    const parts =
      lesson && figure === main ? place : [...place, figure.id.replace(/^picture-|-figure$/g, "")];
    const words = {
      ...(lesson && { title: `Perturbation Lab, lesson ${lesson.number}: ${lesson.title}` }),
      description: location.href,
    };
    const drawn = await pictures.drawn(figure);
    const svg = exportSvg(figure, words, drawn);
    const png = exportPng(figure, 2, words, drawn);
    download(await svg, pictureName(parts, "svg"));
    download(await png, pictureName(parts, "png"));
  };
  let pointed: Element | null = null;
  document.addEventListener("pointerover", ({ target }) => {
    pointed = target instanceof Element ? target : null;
  });

  const commands: Commands = {
    openLesson,
    turn,
    openCompare,
    goOn() {
      if (inLesson()) return reveal();
      if (comparing()) return compare.again();
      linkAsks = null;
      session.toggle();
    },
    step(by) {
      if (inLesson()) room.step(by);
      else if (by > 0 && inLab()) session.step();
    },
    reset() {
      if (inLesson()) openLesson(store.state.view.lesson);
      else if (comparing()) compare.again();
      else {
        linkAsks = null;
        session.reset();
      }
    },
    newSeed: () => changeParameter("seed", freshSeed()),
    cancel: () => (comparing() ? compare.cancel() : session.cancel()),
    toggleTruth: () => (inLesson() ? reveal() : commands.showTruth(store.state.view.truth === "hidden")),
    showTruth: (shown) => store.setView({ truth: shown ? "shown" : "hidden" }),
    togglePooling() {
      if (inLab()) store.setView({ pooling: store.state.view.pooling === "mean" ? "largest" : "mean" });
    },
    nextChart() {
      if (inLab()) store.setView({ charts: nextCharts(store.state.view.charts) });
    },
    toggleSource() {
      if (inLab()) toggleSource();
    },
    find() {
      if (inLab()) search.focus();
    },
    fit: () => pictures.fit(),
    toggleProjector: () => commands.project(store.state.view.theme === "desk"),
    project: (on) => store.setView({ theme: on ? "projector" : "desk" }),
    toggleControls: () => store.setView({ hide: store.state.view.hide === "" ? "controls" : "" }),
    lay: (layout) => store.setView({ layout }),
    savePicture: () =>
      void savePicture().catch((error: Error) => complain(`The picture was not saved: ${error.message}`)),
    save,
    recoverAll,
    openFile: () => files.show(),
    copyLink: () => void copyLink(),
    listKeys: () => byId<HTMLDialogElement>("help").showModal(),
  };
  const keys = keysFor(commands);
  const panel = new Panel(
    byId("panel"),
    store.state.experiment,
    { change: changeParameter },
    buttonsFor(commands),
    switchesFor(commands),
    choicesFor(commands),
  );

  const showControls = () => {
    const { experiment, view } = store.state;
    panel.show(experiment);
    // The theme decides how much room there is, and is on show by then.
    requestAnimationFrame(() => panel.fit());
    panel.showSwitch("truth", view.truth === "shown");
    panel.showSwitch("projector", view.theme === "projector");
    panel.showChoice("layout", view.layout);
    panel.offer("layout", "places", view.layout === "places" || placesOf(experiment) !== null);
  };

  const showPage = ({ view }: State) => {
    const root = document.documentElement.dataset;
    root.hide = view.hide;
    root.embed = view.embed;
  };

  /** What the state says is by a link, not by a hand on the page. */
  let byLink = true;
  const begin = (experiment: Experiment) => {
    if (inLab() && !isSame(linkAsks, experiment)) linkAsks = null;
    // What a lesson says is too large for it is nothing to be readied for it.
    const waits = inLab()
      ? linkAsks !== null && priceOf(forecast(experiment)) !== ""
      : experiment.neurons > mostLessonNeurons;
    if (waits) session.offer(experiment);
    else void session.begin(experiment);
  };

  store.listen((state, before) => {
    if (byLink && !isSame(state.experiment, before.experiment)) linkAsks = state.experiment;
    showControls();
    showPage(state);
    if (state.view !== before.view) {
      pictures.setView(state);
      charts.setView(state);
      write("memory", memoryText(session.now, state.view.layout));
    }
    room.show(state);
    compare.show(state);
    const back = inLab(state) && !inLab(before);
    const into = state.view.lesson !== "" && before.view.lesson === "";
    if (into) outside = before;
    // Compare mode readies its experiment itself; the lab does so again when it is back.
    if (isComparing(state)) {
      tiles.giveUp();
      if (!isComparing(before)) session.rest();
    } else if (back || into || !isSame(state.experiment, before.experiment)) {
      tiles.giveUp();
      begin(state.experiment);
    }
  });
  for (const button of document.querySelectorAll<HTMLElement>("[data-lesson-button]"))
    button.addEventListener("click", () =>
      openLesson(button.dataset.lessonButton as State["view"]["lesson"]),
    );
  const onClick = (id: string, run: () => void) => byId(id).addEventListener("click", run);
  onClick("compare-button", openCompare);
  onClick("compare-copy", () => void copyReport());
  onClick("check-run", () => {
    store.setView({ check: "1" });
    compare.startCheck();
  });
  onClick("lesson-previous", () => turn(-1));
  onClick("lesson-next", () => turn(1));
  onClick("lesson-reveal-button", reveal);
  onClick("lesson-step", () => room.step(1));
  onClick("lesson-numpy", () => store.setView({ source: "numpy" }));
  onClick("lesson-fresh", () => store.setView({ source: "fresh" }));
  const slider = byId<HTMLInputElement>("lesson-trials");
  slider.max = String(trialStops.length - 1);
  slider.addEventListener("input", () => changeParameter("trials", String(trialStops[Number(slider.value)])));
  const compareSlider = byId<HTMLInputElement>("compare-trials");
  compareSlider.max = String(compareStops.length - 1);
  compareSlider.addEventListener("change", () =>
    changeParameter("trials", String(compareStops[Number(compareSlider.value)])),
  );
  const linked: Parameters<typeof mirror>[0] = {
    get state() {
      return store.state;
    },
    set(state) {
      byLink = true;
      store.set(state);
      byLink = false;
    },
    listen: (listener) => store.listen(listener),
  };
  mirror(
    linked,
    (found, asked) => {
      complain(...found);
      want(asked);
    },
    lessonDefaults,
    checked,
    wanted !== null,
  );
  bindKeys(keys);
  listKeys(byId("keys"), keys);
  showControls();
  showPage(store.state);
  room.show(store.state);
  compare.show(store.state);
  showNotice();
  if (!comparing()) begin(store.state.experiment);
  byLink = false;
  void sweepSpills();
}

const isSame = (one: Experiment | null, other: Experiment): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** The experiment as it will be run. Errors: InputError if it cannot be. */
function checked(asked: Experiment): Experiment {
  const experiment = Object.freeze(byNumbers(asked));
  forecast(experiment);
  return experiment;
}

/** Errors   InputError if trials before these are missing: the page runs them from the first one on. */
function checkFrom({ trials: { from, to } }: SessionHead, name: string): void {
  if (from > 0)
    throw new InputError(
      `${name} holds the trials ${from.toLocaleString("en")} to ${to.toLocaleString("en")}; allowed on this page: a session from trial 0 on`,
    );
}

/** A value in a sentence, cut where it would fill the screen. */
const shortened = (value: string | number): string => {
  const text = String(value);
  return text.length <= 60 ? text : `${text.slice(0, 50)}…`;
};

/** A seed as part of a file's name. */
const wordOf = (seed: string) => seed.replace(/[^\p{L}\p{N}-]+/gu, "-");

/** The picture that an element is part of. */
const pictureOf = (element: Element | null): HTMLElement | null =>
  element?.closest<HTMLElement>("figure[id], .lesson-picture") ?? null;

function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** A word to say aloud is easier to share than a number. */
function freshSeed(): string {
  const words = crypto.getRandomValues(new Uint32Array(1));
  return `lecture-${words[0] % 10_000}`;
}
