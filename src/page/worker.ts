import "./trustedTypes";
import { expose, transfer } from "comlink";
import { version } from "../../package.json";
import { createCpuEngine } from "../engine/cpu/engine";
import type { CpuRun } from "../engine/cpu/twins";
import type { Engine, Run } from "../engine/engine";
import { lasting, mostInARow, reasonOf } from "../engine/lasting";
import { glance } from "../io/glance";
import { readPlaces } from "../io/places";
import { describeFile, type FileNetwork, readNetwork } from "../io/readNetwork";
import { encodeSession, readHead, readSession, type Saved } from "../io/sessionFile";
import { hashSums } from "../io/sumsFile";
import { designOf } from "../model/design";
import { exactEffect } from "../model/estimand";
import { type Estimates, estimate } from "../model/estimate";
import { parameters } from "../model/experiment";
import { InputError } from "../model/inputError";
import { packNames } from "../model/names";
import { arrows, type Network, one } from "../model/network";
import { outgoing } from "../model/outgoing";
import { predictor } from "../model/predict";
import { recover } from "../model/recovery";
import { resolveSources } from "../model/sources";
import { agreementWith, aurocInSteps } from "../model/summary";
import type { Sums } from "../model/sums";
import { keyFrom } from "../model/threefry";
import { aboutFile, openedOrMade } from "../network";
import { allCells, type Cells, columnOf, type Pixels, pool, poolArrows } from "../view/pixels";
import { contest, expectContest } from "./contest";
import type { Desk, Preparation, SavedBy } from "./desk";
import { effectsOf, judgementOf } from "./digest";
import { egoOf } from "./ego";
import { handOverIn } from "./handOver";
import { inTurns } from "./inTurns";
import { bytesOf } from "./inUse";
import { KeptRuns } from "./kept";
import { rung } from "./ladder";
import { borrowEngine } from "./lentEngine";
import { lessonData } from "./lessonData";
import { needsOf, type Planned, pairNeed } from "./needs";
import { readBlob } from "./readBlob";
import { blobOf, piecesOf } from "./save";
import { recoverInTiles } from "./tileRun";

const engine = createCpuEngine();
let file: FileNetwork | null = null;
let laid: Omit<Planned, "estimand"> | null = null;
let open: Planned | null = null;
let run: CpuRun | null = null;
/** Counts runs that were asked for: the last one is on show. */
let opened = 0;
let latest: Estimates | null = null;
/** What the tile under way holds, where everything is recovered. */
let tile: { readonly run: Run & Partial<CpuRun>; readonly sums: Sums | null } | null = null;
let writingNow: AbortController | null = null;
let measuring: symbol | null = null;
let recovering: AbortController | null = null;
let contesting: AbortController | null = null;
let placing: AbortController | null = null;
const keptRuns = new KeptRuns();

function the<T>(value: T | null): T {
  if (value === null) throw new Error("nothing has been prepared");
  return value;
}

const desk: Desk = {
  glance: (given, format) => glance(given, format ?? undefined),
  async read(given, options, tell) {
    const told = seldom(tell);
    file = null;
    file = await readNetwork(given, options, {
      onProgress: (share) => told("reading", share),
      onScale: (share) => told("scale", share),
    });
    const { places } = file;
    // The page keeps them: whichever desk it has, they are the same.
    file = { ...file, places: null };
    const facts = { about: aboutFile(file), arrows: arrows(file.network), described: describeFile(file) };
    const names = file.names && packNames(file.names);
    return transfer({ ...facts, places, names }, [
      ...(places ? [places.at.buffer as ArrayBuffer] : []),
      ...buffersOf(names ?? {}),
    ]);
  },
  async readPlaces(given, tell) {
    if (!file) throw new InputError("there is no network from a file yet; allowed: places once there is");
    desk.endPlaces();
    placing = new AbortController();
    const told = seldom(tell);
    const places = await readPlaces(given, file.network.neurons, file.names, {
      signal: placing.signal,
      onProgress: (share) => told("reading", share),
    });
    return transfer(places, [places.at.buffer as ArrayBuffer]);
  },
  endPlaces() {
    placing?.abort();
    placing = null;
  },
  again() {
    desk.release();
    latest = null;
  },
  lay(experiment, tell) {
    desk.again();
    open = null;
    laid = null;
    const { network, names } = openedOrMade(experiment, file, seldom(tell));
    const design = designOf(experiment, keyFrom(experiment.seed));
    const sources = resolveSources(experiment.sources, network, design.hidden);
    laid = { experiment, network, names, sources, design };
    const weights = weightsOf(network, sources, allCells);
    // The worker keeps what it computes with; what is only looked at goes over as it is.
    const copy = copyOf(network);
    const bySource = outgoing(network);
    const packed = names && packNames(names);
    return transfer(
      { network: copy, outgoing: bySource, sources: sources.slice(), design, weights, names: packed },
      [...buffersOf(copy), ...buffersOf(bySource), ...buffersOf(weights), ...buffersOf(packed ?? {})],
    );
  },
  know(tell) {
    const { experiment, network, sources, design } = the(laid);
    const told = seldom(tell);
    const estimand = exactEffect(network, design, (share) => told("effects", share));
    open = { ...the(laid), estimand };
    told("expectations", null);
    const predict = predictor(network, estimand, sources, design);
    const exact = estimand.effect.slice();
    let largest = 0;
    for (const effect of exact) largest = Math.max(largest, Math.abs(effect));
    const expected = milestones(experiment.trials).map((trials) => predict(trials));
    return transfer({ exact, largest, expected }, [exact.buffer]);
  },
  async open(begun) {
    const { experiment, network, sources, design } = the(open);
    const { seed, trials } = experiment;
    const mine = ++opened;
    const found = await engine.open({ network, key: keyFrom(seed), sources, trials, design }, begun);
    // Something else may have been asked for meanwhile.
    if (mine === opened) {
      run?.release();
      run = found;
    } else found.release();
    return { number: mine, adapter: found.adapter };
  },
  advance: (from, to) => the(run).advance(from, to),
  sums: () => the(run).sums(),
  release(number) {
    if (number !== undefined && number !== opened) return;
    opened++;
    run?.release();
    run = null;
  },
  async evaluate(given, cells) {
    const { design } = the(open);
    const sums: Sums = given ?? (await the(run).sums());
    // The estimates before this go first, and the sums become the new ones: one matrix of each at a time.
    latest = null;
    latest = estimate(sums, design.hidden, true);
    const found = effectsOf(latest, cells);
    return transfer(found, buffersOf(found.effects));
  },
  judge(mostArrows) {
    const { network, estimand } = the(open);
    return judgementOf(the(latest), network, estimand, mostArrows);
  },
  held: () => bytesOf(file, laid, open, latest, tile?.sums) + (run?.held() ?? 0) + (tile?.run.held?.() ?? 0),
  async area() {
    const estimates = latest;
    if (!estimates) return null;
    const call = Symbol();
    measuring = call;
    const found = await inTurns(
      aurocInSteps(estimates, the(open).network),
      // Two matrices of estimates would be more than was forecast.
      () => measuring === call && latest === estimates,
    );
    return found && { trials: estimates.trials, auroc: found.value };
  },
  endArea() {
    measuring = null;
  },
  cells(cells) {
    const { network, sources } = the(laid);
    const weights = weightsOf(network, sources, cells);
    const effects = latest && pool(latest, latest.effect, latest.standardError, cells);
    return transfer({ weights, effects }, [...buffersOf(weights), ...(effects ? buffersOf(effects) : [])]);
  },
  pair(source, target) {
    if (!latest) return null;
    const column = columnOf(latest.sources, source);
    if (column < 0) return null;
    const pair = target * latest.sources.length + column;
    return { effect: latest.effect[pair], standardError: latest.standardError[pair] };
  },
  ego(neuron, out, most) {
    if (!open) return null;
    const { network, estimand } = open;
    const ego = egoOf(neuron, network, estimand.effect, out, latest, most);
    return transfer(ego, ego.effects ? buffersOf(ego.effects) : []);
  },
  copied() {
    const copy = copyOf(the(laid).network);
    return transfer(copy, buffersOf(copy));
  },
  wired() {
    const { network } = the(laid);
    const { neurons, rowStart, source } = network;
    const { targetStart, target, arrow } = outgoing(network);
    const wired = {
      wiring: { neurons, rowStart: rowStart.slice(), source: source.slice() },
      outgoing: { targetStart, target, arrow },
    };
    return transfer(wired, [...buffersOf(wired.wiring), ...buffersOf({ targetStart, target, arrow })]);
  },
  recover(confidence) {
    if (!latest) return null;
    const { network, estimand } = the(open);
    return {
      trials: latest.trials,
      recovery: recover(latest, network, estimand, confidence),
      agreement: agreementWith(latest.effect, latest.sources, network),
    };
  },
  async recoverAll(request, lent, tell, onCpu) {
    desk.endRecovering();
    const mine = new AbortController();
    recovering = mine;
    const borrowed = lent && borrowEngine(lent, "gpu", "");
    let told = Number.NEGATIVE_INFINITY;
    const seldom = (done: number, total: number) => {
      if (done < total && performance.now() < told + tellInterval) return;
      told = performance.now();
      tell(done, total);
    };
    try {
      // A tile that has lost the GPU goes on there as soon as it is back, or else here.
      const here = counted(engine);
      const engines = lasting(
        borrowed ? counted(borrowed) : here,
        async ({ engine: failed, inARow, error }) => {
          if (failed === here) throw error;
          if (inARow < mostInARow) return failed;
          onCpu(reasonOf(error));
          return here;
        },
      );
      return await recoverInTiles(the(open), engines, request, seldom, mine.signal);
    } finally {
      borrowed?.close();
    }
  },
  endRecovering() {
    recovering?.abort();
    recovering = null;
  },
  needs: (z) => open && needsOf(open, z),
  pairNeed: (z, source, target) => open && pairNeed(open, z, source, target),
  async write(writing, confidence, places, tell) {
    desk.endWriting();
    const now = new AbortController();
    writingNow = now;
    return blobOf(piecesOf(writing, the(open), latest, confidence, places), tell, now.signal);
  },
  endWriting() {
    writingNow?.abort();
    writingNow = null;
  },
  async hash(given) {
    const sums = given ?? (await the(run).sums());
    return { trials: sums.trials, sumsHash: hashSums(sums) };
  },
  async saveSession(given, by, tell) {
    desk.endWriting();
    const now = new AbortController();
    writingNow = now;
    const { saved, sums } = await savedNow(given, by);
    return blobOf(encodeSession(saved, sums), tell, now.signal);
  },
  readHead: (given) => readHead(readBlob(given), given.size, given.name).head,
  readSession(given) {
    const { head, sums } = readSession(readBlob(given), given.size, given.name);
    return handOverIn({ head, sums }, sums);
  },
  async keep(given, by, opened) {
    const { saved, sums } = await savedNow(given, by);
    return keptRuns.keep(saved, sums, opened);
  },
  async kept() {
    const { experiment, sources } = the(laid);
    const found = await keptRuns.find(experiment, sources);
    if (!found) return null;
    const { sums, opened } = found;
    return handOverIn({ sums, opened }, sums);
  },
  forget: () => keptRuns.forget(the(laid).experiment),
  lesson: lessonData,
  rung,
  contest(request, tell) {
    desk.endContest();
    contesting = new AbortController();
    return contest(request, tell, contesting.signal);
  },
  expectContest,
  endContest() {
    contesting?.abort();
    contesting = null;
  },
};

/** What there is to save of what was laid. */
async function savedNow(given: Sums | null, by: SavedBy): Promise<{ saved: Saved; sums: Sums }> {
  const sums = given ?? (await the(run).sums());
  return { saved: { version, trials: { from: 0, to: sums.trials }, ...by }, sums };
}

/** The same engine, whose run is counted among what is in use. */
const counted = (from: Engine): Engine => ({
  ...from,
  async open(task, begun) {
    const run = await from.open(task, begun);
    tile = { run, sums: null };
    return {
      ...run,
      async sums() {
        const sums = await run.sums();
        tile = { run, sums };
        return sums;
      },
      release() {
        tile = null;
        run.release();
      },
    };
  },
});

const weightsOf = (network: Network, sources: Uint32Array, cells: Cells): Pixels =>
  poolArrows(network, (arrow) => network.weight[arrow] / one, { targets: network.neurons, sources }, cells);

/** Tells a new kind of work at once, and how far it is a few times a second. */
function seldom(tell: (now: Preparation) => void) {
  let last: Preparation["work"] | null = null;
  let at = 0;
  return (work: Preparation["work"], share: number | null) => {
    const now = performance.now();
    if (work === last && share !== 1 && now < at + tellInterval) return;
    last = work;
    at = now;
    tell({ work, share });
  };
}

/** Milliseconds. */
const tellInterval = 100;

const copyOf = ({ neurons, rowStart, source, weight }: Network): Network => ({
  neurons,
  rowStart: rowStart.slice(),
  source: source.slice(),
  weight: weight.slice(),
});

/** What a record's arrays hold, to be handed over; sources are short, and stay. */
const buffersOf = (record: object): ArrayBuffer[] =>
  Object.entries(record).flatMap(([name, value]) =>
    ArrayBuffer.isView(value) && name !== "sources" ? [value.buffer as ArrayBuffer] : [],
  );

/** Numbers of trials at which the expected curves are drawn, evenly spaced on a logarithmic axis. */
function milestones(trials: number): number[] {
  const first = Math.min(firstMilestone, trials);
  const steps = 48;
  const at = (step: number) => Math.round(first * (trials / first) ** (step / steps));
  return [...new Set(Array.from({ length: steps + 1 }, (_, step) => at(step)))];
}

/** Below 4 trials nobody expects anything. */
const firstMilestone = Math.max(4, parameters.trials.min);

expose(desk);
