import { bug, type Seeded } from "./bug";

/** Bugs in what cuts the work up, hands it to kernels and reads their sums. */
export const engines: readonly Seeded[] = [
  {
    file: "src/engine/lasting.ts",
    tests: ["engine/lasting"],
    bugs: [
      bug(
        "dropped",
        "trials since the sums that were kept are not run again",
        "for (const [from, to] of since) await",
        "for (const [from, to] of since.slice(1)) await",
      ),
      bug(
        "condition",
        "what was done on a run that is being replaced counts",
        "if (mine !== now || changing) continue;",
        "if (mine.engine === undefined) continue;",
      ),
      bug(
        "condition",
        "a new trial forgives that the sums could not be read",
        "inARow[toDo] = 0;",
        "inARow.advance = inARow.sums = 0;",
      ),
      bug(
        "order",
        "trials that are done are refused with the checkpoint after them",
        "await readCheckpoint().catch(() => {});",
        "await readCheckpoint();",
      ),
      bug(
        "order",
        "sums for which there is no room end the run",
        'if (end.signal.aborted || (toDo === "sums" && isAsked(error))) throw error;',
        "if (end.signal.aborted) throw error;",
      ),
      bug(
        "dropped",
        "who waits for a run that has failed for good is not told",
        "for (const tell of before.waiting) tell();",
        "if (!over) for (const tell of before.waiting) tell();",
      ),
      bug("dropped", "a run that is over is asked for more", "if (over) throw over.error;", ""),
      bug(
        "dropped",
        "trials are run again to the end for nobody",
        "giveUp: () => end.abort(),",
        "giveUp: () => {},",
      ),
      bug(
        "dropped",
        "a network that is watched on another engine begins where it stopped",
        "await drive(run, 0, time, { grain: 1 });",
        "await drive(run, time, time, { grain: 1 });",
      ),
    ],
  },
  {
    file: "src/engine/gpu/buffers.ts",
    tests: ["engine/snapshots"],
    bugs: [
      bug("dropped", "a copy that is being read is given out again", "this.free.delete(buffer);", ""),
      bug(
        "condition",
        "what comes back after the end is kept",
        "if (this.isOver || this.free.has(buffer)",
        "if (this.free.has(buffer)",
      ),
    ],
  },
  {
    file: "src/engine/recipe.ts",
    tests: ["model/counters", "engine/tiles"],
    bugs: [
      bug(
        "reused counter",
        "the free step has the noise of the step",
        "noiseUse: 1, fromRest: 1",
        "noiseUse: 0, fromRest: 1",
      ),
      bug(
        "dropped",
        "hidden neurons are set, too",
        "    if (isHidden) turn[neuron] = never;",
        "    if (isHidden) turn[neuron] |= 0;",
        { tests: ["model/design"] },
      ),
      bug(
        "index",
        "the sources of a tile take turns among themselves",
        "const observed = turns.filter",
        "const observed = sources.filter",
        { tests: ["engine/tiles"] },
      ),
    ],
  },
  {
    file: "src/engine/words.ts",
    tests: ["engine/same", "model/design"],
    bugs: [
      bug(
        "index",
        "squares of the arms are read in another order",
        "[pairOff, onLow, onHigh, offLow, offHigh] = rest",
        "[pairOff, onLow, offLow, onHigh, offHigh] = rest",
      ),
      bug("off by one", "an upper byte counts 255", "value + 256 * high[at]", "value + 255 * high[at]"),
      bug(
        "carry",
        "an upper word counts half",
        "low[index] + high[index] * 2 ** 32",
        "low[index] + high[index] * 2 ** 31",
        { tests: ["engine/cpu", "engine/same"] },
      ),
    ],
  },
  {
    file: "src/engine/drive.ts",
    tests: ["engine/same", "engine/tiles"],
    bugs: [
      bug("off by one", "the last chunk runs past the end", "Math.min(next + chunk, to)", "next + chunk"),
      bug(
        "dropped",
        "a chunk is passed over",
        "    next = end;\n",
        "    next = Math.min(to, end + (end < to ? 1 : 0));\n",
      ),
      bug(
        "rounding",
        "chunks cut pairs of trials",
        "unit * Math.ceil(Math.min(options.chunk ?? grain, mostChunkTrials) / unit)",
        "Math.min(options.chunk ?? grain, mostChunkTrials)",
        { tests: ["engine/cpu"] },
      ),
    ],
  },
  {
    file: "src/engine/cpu/twins.ts",
    tests: ["engine/cpu", "engine/watch"],
    bugs: [
      bug(
        "off by one",
        "the last trial of a chunk is left out",
        "addChunk(at, Math.min(at + chunkTrials, to))",
        "addChunk(at, Math.min(at + chunkTrials - 1, to))",
        { tests: ["engine/words"] },
      ),
      bug(
        "carry",
        "second words come a chunk too late",
        "if (done + to - from > wordTrials) pairsHigh",
        "if (done > wordTrials) pairsHigh",
        { tests: ["engine/words"] },
      ),
      bug(
        "copy and paste",
        "trials off are counted where they are on",
        "if (counted) count(params, sources, off,",
        "if (counted) count(params, sources, perturbation,",
      ),
      bug(
        "order",
        "neurons are set before their free step",
        "      impose(params, perturbation, off, state);\n",
        "      if (!recipe.leavesAlone) impose(params, perturbation, off, state);\n",
      ),
    ],
  },
  {
    file: "src/engine/cpu/watch.ts",
    tests: ["engine/cpu"],
    bugs: [
      bug("off by one", "one time step more is not counted", "time >= task.burnIn", "time > task.burnIn"),
      bug(
        "dropped",
        "chains start anew at every time step",
        "    [state, next] = [next, state];\n",
        "    next = new Uint32Array(state.length);\n",
      ),
    ],
  },
  {
    file: "src/engine/cpu/share.ts",
    tests: ["engine/cpu"],
    bugs: [
      bug(
        "off by one",
        "a piece that begins within a block is too long",
        "Math.min(to, base + gridTrials)",
        "Math.min(to, at + gridTrials)",
      ),
      bug(
        "reused counter",
        "every share has the first targets' noise",
        "targetFrom: this.from,",
        "targetFrom: 0,",
      ),
      bug(
        "reused counter",
        "the step has the noise of the free step",
        '["set", { noiseUse: 0, fromRest: 0 }]',
        '["set", { fromRest: 0 }]',
      ),
      bug(
        "dropped",
        "a piece of the trials is passed over",
        "      at = end;\n",
        "      at = end + (end < to ? 1 : 0);\n",
      ),
    ],
  },
  {
    file: "src/engine/cpu/engine.ts",
    tests: ["engine/cpu"],
    bugs: [
      bug(
        "index",
        "rows of the shares lie over one another",
        "from * sources.length);",
        "index * sources.length);",
      ),
      bug(
        "carry",
        "second words come too late",
        "done + to - from > wordTrials",
        "done + to - from > 2 * wordTrials",
        { tests: ["engine/words"] },
      ),
    ],
  },
  {
    file: "src/engine/cpu/chains.ts",
    tests: ["engine/cpu"],
    bugs: [
      bug(
        "off by one",
        "one time step more is not counted",
        "from + step >= burnIn ? 1 : 0",
        "from + step > burnIn ? 1 : 0",
      ),
      bug(
        "reused counter",
        "every thread has the first chains' noise",
        "[from, from, to].map((chain) => params.trialBase + chain)",
        "[0, 0, to - from].map((chain) => params.trialBase + chain)",
      ),
    ],
  },
  {
    file: "src/engine/cpu/rows.ts",
    tests: ["engine/cpu"],
    bugs: [
      bug("index", "runs are filled up with the first neuron", "push(neurons, of);", "push(0, of);"),
      bug(
        "dropped",
        "arrows of rare weights are left out",
        "rest.push(member, of);\n          continue;",
        "rest.length = 0;\n          continue;",
      ),
    ],
  },
  {
    file: "src/engine/cpu/wasm/accumulate.ts",
    tests: ["engine/cpu"],
    bugs: [
      bug(
        "carry",
        "16-bit sums are emptied too late",
        "const mostWords: u32 = 8;",
        "const mostWords: u32 = 16;",
      ),
      bug(
        "copy and paste",
        "a load has the offset of the one before",
        "v128.load(p3, 12320)",
        "v128.load(p3, 12304)",
      ),
      bug("carry", "a wrap is looked for with a sign", "i32x4.lt_u(sum, value)", "i32x4.lt_s(sum, value)"),
    ],
  },
  {
    file: "src/engine/cpu/wasm/respond.ts",
    tests: ["engine/cpu"],
    bugs: [
      bug(
        "reused counter",
        "a target's noise goes by its place in the share",
        "lane(noiseStream, neuron, noiseUse)",
        "lane(noiseStream, target, noiseUse)",
      ),
      bug(
        "reused counter",
        "trials 8 to 11 have the noise of 4 to 7",
        "i32x4.add(x, i32x4.splat(8)), y, k0, k1, k2, scratch + 32",
        "i32x4.add(x, i32x4.splat(4)), y, k0, k1, k2, scratch + 32",
      ),
      bug(
        "condition",
        "trials past the end are not masked",
        "if (first < trialFrom || trialTo - first < 128) {",
        "if (first < trialFrom) {",
      ),
    ],
  },
  {
    file: "src/engine/cpu/wasm/perturb.ts",
    tests: ["engine/cpu"],
    bugs: [
      bug(
        "off by one",
        "the neuron that is never on is on",
        "min<u32>(4, neurons - neuron)",
        "min<u32>(4, neurons + 1 - neuron)",
      ),
    ],
  },
  {
    file: "src/engine/cpu/wasm/choose.ts",
    tests: ["engine/cpu"],
    bugs: [
      bug(
        "condition",
        "a subset's second word is the last neuron's",
        "(mask == 0 && design != subset)",
        "mask == 0",
      ),
    ],
  },
  {
    file: "src/engine/cpu/wasm/drive.ts",
    tests: ["engine/cpu"],
    bugs: [
      bug(
        "off by one",
        "the highest plane of counts is left out",
        "addPlanes(32 - clz(arrow - from)",
        "addPlanes(31 - clz(arrow - from)",
      ),
      bug(
        "carry",
        "counts above 255 lose a carry",
        "carry = v128.and(before, carry);",
        "carry = i64x2.splat(0);",
      ),
    ],
  },
  {
    file: "src/engine/cpu/wasm/tally.ts",
    tests: ["engine/cpu"],
    bugs: [
      bug(
        "index",
        "the masks are those of the first chunk",
        "trialMask(trialBase + 32 * word)",
        "trialMask(32 * word)",
      ),
    ],
  },
  {
    file: "src/engine/cpu/wasm/untile.ts",
    tests: ["engine/cpu"],
    bugs: [bug("carry", "an upper word counts one too few", "4294967296.0", "4294967295.0")],
  },
  {
    file: "src/engine/cpu/wasm/watch.ts",
    tests: ["engine/cpu"],
    bugs: [
      bug(
        "copy and paste",
        "what is before is what is after",
        "tally(outcomesBefore + 16 * neuron, state + row * neuron);",
        "tally(outcomesBefore + 16 * neuron, next + row * neuron);",
      ),
    ],
  },
  {
    file: "src/engine/cpu/wasm/index.ts",
    tests: ["engine/cpu"],
    bugs: [
      bug(
        "copy and paste",
        "squares of the arm at 0 are those at 1",
        "add(4, tile, true);",
        "add(4, tile, false);",
      ),
      bug(
        "index",
        "a tile's noise is that of the tiles' first",
        "targetFrom + first + at, word, hasArms",
        "targetFrom + at, word, hasArms",
      ),
    ],
  },
  {
    file: "src/engine/gpu/kernels.ts",
    tests: ["twins/count", "twins/tally"],
    bugs: [
      bug(
        "off by one",
        "the last workgroup is left out",
        "count: ({ sources }) => Math.ceil((sources + 1) / 64)",
        "count: ({ sources }) => Math.max(1, Math.floor((sources + 1) / 64))",
      ),
      bug(
        "index",
        "workgroups are those of the neurons",
        "tally: ({ targets, words }) => Math.ceil((targets * Math.ceil(words / 8)) / 64)",
        "tally: ({ targets }) => Math.ceil(targets / 64)",
      ),
    ],
  },
  {
    file: "src/engine/gpu/run.ts",
    tests: ["engine/same"],
    bugs: [
      bug(
        "dropped",
        "every second chunk is passed over",
        "at += cut.chunkTrials)\n          await",
        "at += 2 * cut.chunkTrials)\n          await",
      ),
      bug("index", "all tiles begin at the first target", "tileFrom: rowOf(tile) };", "tileFrom: 0 };"),
      bug(
        "index",
        "slices of the free step lie over one another",
        "offset: 32 * words * slice.targetFrom",
        "offset: 0 * words * slice.targetFrom",
      ),
      bug(
        "dropped",
        "a slice runs over the end of its tile",
        "Math.min(cut.sliceTargets, untilTileEnds(first))",
        "Math.min(cut.sliceTargets, untilTileEnds(0) + neurons)",
      ),
      bug(
        "order",
        "the sums are read before a chunk is done",
        "const allSums = async () => (await inTurn(read))();",
        "const allSums = async () => (await read())();",
      ),
    ],
  },
  {
    file: "src/engine/gpu/accumulators.ts",
    tests: ["engine/words"],
    bugs: [
      bug(
        "carry",
        "upper words are read where the lower ones are",
        "high && isCopied ? tilesOf(high) : null",
        "high && isCopied ? tilesOf(pairLow[product]) : null",
      ),
    ],
  },
  {
    file: "src/engine/gpu/watch.ts",
    tests: ["engine/watch"],
    bugs: [
      bug(
        "condition",
        "states before the step count once a slice",
        "if (counts && slice.targetFrom === 0)",
        "if (counts)",
      ),
      bug(
        "index",
        "slices of the states lie over one another",
        "next, slice.targetFrom * rowBytes,",
        "next, 0 * rowBytes,",
      ),
    ],
  },
  {
    file: "src/engine/gpu/watchWitness.ts",
    tests: ["engine/watchFaults"],
    bugs: [
      bug("dropped", "what the next step begins with is not looked at", "begun, made);", "made, made);"),
      bug(
        "condition",
        "a step is not taken again",
        "if (inputs) {",
        "if (inputs && inputs.length > mostInputs) {",
      ),
      bug(
        "dropped",
        "pair sums are not looked at",
        "const columns = sums ? this.columns() : [];",
        "const columns: number[] = [];",
      ),
      bug(
        "index",
        "the states of other chains are taken",
        "row * neuron + 16 * block, 16",
        "row * neuron, 16",
      ),
    ],
  },
  {
    file: "src/tiles.ts",
    tests: ["engine/tiles"],
    bugs: [
      bug(
        "index",
        "a tile's sources take turns among themselves",
        "turns: task.turns ?? sources",
        "turns: task.turns ?? tile",
      ),
      bug(
        "dropped",
        "a source between two tiles is left out",
        "done += tile.length;",
        "done += tile.length + 1;",
      ),
      bug("dropped", "what is hidden is judged", "estimate(sums, design.hidden)", "estimate(sums)"),
    ],
  },
];
