import { spillBytes } from "../model/candidates";
import { parseDecimal } from "../model/decimal";
import type { Experiment } from "../model/experiment";
import { InputError } from "../model/inputError";
import { secondsFor } from "../model/needed";
import { type Limits, forecast as planned, tileOf } from "../model/plan";
import { mostRankedPairs } from "../tiles";
import { type Forecast, numbersFor } from "./forecast";
import { evenSpeeds } from "./needs";
import { mostInMemory } from "./spills";

/**
 * What it takes to recover everything, before anything of it is done.
 *
 * Units    tileSources: sources of a tile; bytes: of all threads at most, with what the page holds already; diskBytes: of
 *          what waits until the end, on the browser's disk; work: as of a Forecast.
 */
export interface TilesAhead {
  readonly neurons: number;
  readonly trials: number;
  readonly tileSources: number;
  readonly tiles: number;
  readonly bytes: number;
  readonly diskBytes: number;
  readonly work: number;
}

/** Pairs of a tile, where nobody chooses: its estimates take a second or so, after which a person is heard again. */
const usualPairs = 2 ** 23;

/**
 * asked    sources of a tile, as typed; "": as many as suit.
 * ahead    of the run on show, whose network is there.
 * Errors   InputError with the field, its value and what is allowed; with what would fit, if a tile does not.
 */
export function tilesAhead(
  experiment: Experiment,
  ahead: Forecast,
  limits: Limits,
  rate: number,
  asked: string,
): TilesAhead {
  const { neurons, trials } = experiment;
  const size = { neurons, sources: neurons, arrows: ahead.arrows, trials, ...numbersFor(experiment) };
  const wanted = asked.trim() === "" ? null : parseDecimal(asked.trim().replaceAll(",", ""));
  if (wanted !== null && !(Number.isInteger(wanted) && wanted >= 1 && wanted <= neurons))
    throw new InputError(
      `sources of a tile is ${JSON.stringify(asked.trim().slice(0, 40))}; allowed: a whole number from 1 to ${neurons.toLocaleString("en")}`,
    );
  const tileSources = wanted ?? even(neurons, Math.min(tileOf(size, limits), most(neurons)));
  const { engine, results } = planned({ ...size, sources: tileSources }, limits);
  const tiles = Math.ceil(neurons / tileSources);
  const pairs = neurons ** 2;
  const ranks = pairs <= mostRankedPairs ? 16 * pairs : 0;
  const waiting = spillBytes(pairs, ahead.arrows, rate);
  const isInMemory = waiting <= mostInMemory;
  const ofTile = (sources: number) => secondsFor(neurons, sources, ahead.arrows, trials, evenSpeeds);
  return {
    ...{ neurons, trials, tileSources, tiles },
    bytes: ahead.bytes + engine + results + ranks + (isInMemory ? waiting : 0),
    diskBytes: isInMemory ? 0 : waiting,
    work: (tiles - 1) * ofTile(tileSources) + ofTile(neurons - (tiles - 1) * tileSources),
  };
}

const most = (neurons: number) => Math.max(1, Math.floor(usualPairs / neurons));

/** As many tiles, of nearly one size. */
const even = (sources: number, tile: number) => Math.ceil(sources / Math.ceil(sources / tile));
