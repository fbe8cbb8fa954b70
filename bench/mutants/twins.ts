import { bug, type Seeded } from "./bug";

/** Bugs in the kernels' twins, and in what makes networks. */
export const twins: readonly Seeded[] = [
  {
    file: "src/model/threefry.ts",
    tests: ["model/counters", "twins/encrypt"],
    bugs: [
      bug(
        "reused counter",
        "all uses of a neuron's draws are one",
        "((streamNumber << 30) | (use << 20) | neuron)",
        "((streamNumber << 30) | neuron)",
      ),
      bug(
        "index",
        "the key's two words are one",
        "return [random.int32() >>> 0, random.int32() >>> 0];",
        "const word = random.int32() >>> 0;\n  return [word, word];",
        { tests: ["model/trials"] },
      ),
    ],
  },
  {
    file: "src/model/randomBits.ts",
    tests: ["model/design"],
    bugs: [
      bug(
        "off by one",
        "bits of a probability are read one place too high",
        "((probability >> place) & 1)",
        "((probability >> (place + 1)) & 1)",
      ),
      bug(
        "index",
        "the second word is the first once more",
        "bits[word] | plane[word]",
        "bits[word] | plane[0]",
      ),
    ],
  },
  {
    file: "src/model/perturb.ts",
    tests: ["model/counters", "twins/perturb"],
    bugs: [
      bug(
        "reused counter",
        "every chunk draws the blocks of the first",
        "first / 64, source",
        "block, source",
      ),
    ],
  },
  {
    file: "src/model/respond.ts",
    tests: ["model/counters", "twins/respond"],
    bugs: [
      bug("reused counter", "every chunk has the noise of the first", "first + t,", "32 * word + t,"),
      bug(
        "off by one",
        "a source's bit counts for the trial before",
        "drive[31 - Math.clz32(bits & -bits)]",
        "drive[30 - Math.clz32(bits & -bits)]",
      ),
      bug(
        "index",
        "a slice of the targets begins at the first",
        "const target = params.targetFrom + row;",
        "const target = row;",
        { tests: ["twins/respond"] },
      ),
    ],
  },
  {
    file: "src/model/evolve.ts",
    tests: ["model/evolve", "twins/evolve"],
    bugs: [
      bug(
        "rounding",
        "the drive is rounded instead of cut off",
        "(sum[byte] / 255) | 0",
        "Math.round(sum[byte] / 255)",
      ),
      bug(
        "condition",
        "the free step starts from whatever states there are",
        "params.fromRest ? begin : rowStart[target + 1]",
        "rowStart[target + 1]",
      ),
    ],
  },
  {
    file: "src/model/activate.ts",
    tests: ["model/evolve", "twins/evolve", "model/counters"],
    bugs: [
      bug(
        "reused counter",
        "the rounding is drawn with the noise's word",
        "(draw[1] & 0xffff)",
        "(draw[0] & 0xffff)",
      ),
      bug(
        "reused counter",
        "common noise is the same in both steps",
        "lane(stream.commonNoise, 0, params.noiseUse)",
        "lane(stream.commonNoise, 0)",
      ),
      bug(
        "reused counter",
        "pairs of trials share all but the common noise",
        "(trialBase + trial) >>> pairs",
        "trialBase + trial",
      ),
      bug(
        "off by one",
        "the tail's octaves are counted from the next",
        "(32 - zeros) * 256",
        "(31 - zeros) * 256",
        { tests: ["model/trials"] },
      ),
    ],
  },
  {
    file: "src/model/params.ts",
    tests: ["model/trials", "model/evolve"],
    bugs: [
      bug(
        "off by one",
        "the last trial of a word never counts",
        "Math.min(params.trialTo - first, 32)",
        "Math.min(params.trialTo - first, 31)",
      ),
      bug("formula", "the grid of blocks is one of words", "from - (from % 64)", "from - (from % 32)"),
      bug(
        "formula",
        "noise is mixed by variance instead of its root",
        "Math.round(256 * Math.sqrt(common))",
        "common",
      ),
    ],
  },
  {
    file: "src/model/choose.ts",
    tests: ["model/design", "twins/choose"],
    bugs: [
      bug(
        "formula",
        "turns go backwards from chunk to chunk",
        "(mine + turns - (first % turns)) % turns",
        "(mine + (first % turns)) % turns",
      ),
      bug(
        "condition",
        "who is not set counts as set to 0",
        "off[at] = set & ~values;",
        "off[at] = trialMask(params, first) & ~values;",
      ),
      bug(
        "off by one",
        "a turn of two trials sets the second alone",
        "bits |= 3 << (2 * at)",
        "bits |= 2 << (2 * at)",
      ),
    ],
  },
  {
    file: "src/model/choice.ts",
    tests: ["model/design", "model/wiring"],
    bugs: [bug("off by one", "one neuron too few is chosen", "subarray(0, count)", "subarray(0, count - 1)")],
  },
  {
    file: "src/model/impose.ts",
    tests: ["twins/impose"],
    bugs: [
      bug(
        "index",
        "every four trials are set to 0 like the first",
        "byteMask(off[item] >>> (4 * quad))",
        "byteMask(off[item])",
      ),
    ],
  },
  {
    file: "src/model/count.ts",
    tests: ["twins/count"],
    bugs: [
      bug(
        "dropped",
        "trials outside the chunk are counted",
        "column === sources ? mask :",
        "column === sources ? -1 & (mask | -1) :",
      ),
    ],
  },
  {
    file: "src/model/tally.ts",
    tests: ["twins/tally"],
    bugs: [
      bug(
        "index",
        "squares of a slice are the first targets'",
        "addWithCarry(low, high, 2 * target + 1, squares);",
        "addWithCarry(low, high, 2 * row + 1, squares);",
      ),
    ],
  },
  {
    file: "src/model/accumulate.ts",
    tests: ["twins/accumulate"],
    bugs: [
      bug(
        "carry",
        "what wraps is forgotten",
        "if (low[index] < before) high[index]++;",
        "if (low[index] < before) high[index] |= 0;",
      ),
      bug(
        "index",
        "the upper half of a word's trials is the lower once more",
        "4 * (quad & 7)",
        "4 * (quad & 3)",
      ),
      bug(
        "index",
        "every tile of sums begins at its slice",
        "(params.targetFrom + row - params.tileFrom) * sources",
        "row * sources",
      ),
    ],
  },
  {
    file: "src/model/correlate.ts",
    tests: ["model/correlate", "twins/correlate"],
    bugs: [
      bug(
        "carry",
        "two sums side by side run into each other",
        "const blockTrials = 1024;",
        "const blockTrials = 2048;",
      ),
    ],
  },
  {
    file: "src/model/slice.ts",
    tests: ["twins/slice"],
    bugs: [
      bug(
        "formula",
        "two trials lie in one place",
        "8 * (trial & 3) + (trial >> 2)",
        "8 * (trial & 3) + (trial >> 3)",
      ),
    ],
  },
  {
    file: "src/model/align.ts",
    tests: ["twins/align"],
    bugs: [
      bug(
        "dropped",
        "bits of the chunk before are still there",
        "  aligned.fill(0, 0, sources * whole);\n",
        "",
      ),
    ],
  },
  {
    file: "src/model/square.ts",
    tests: ["twins/square", "model/design"],
    bugs: [
      bug(
        "formula",
        "pairs scatter like single trials",
        "byte & 1 ? at(byte) - at(byte - 1) : 0",
        "byte & 1 ? at(byte) : 0",
      ),
    ],
  },
  {
    file: "src/model/watch.ts",
    tests: ["model/watch", "model/counters", "engine/watch"],
    bugs: [
      bug(
        "reused counter",
        "time steps overlap where chains are no whole blocks",
        "const first = t * slotsOf(chains);",
        "const first = t * chains;",
      ),
      bug("reused counter", "watching draws the noise of trials", "noiseUse: 2,", "noiseUse: 0,"),
      bug(
        "index",
        "the correlation is read with row and column exchanged",
        "sums.pair[target * sources.length + column]",
        "sums.pair[sources[column] * sources.length + sources.indexOf(target)]",
      ),
      bug("off by one", "one time step more than there are draws", "if (to > most)", "if (to > most + 1)"),
    ],
  },
  {
    file: "src/model/wiring/words.ts",
    tests: ["model/wiring", "model/counters"],
    bugs: [
      bug(
        "reused counter",
        "a row draws the same two words over and over",
        "threefry2x32(this.draw++,",
        "threefry2x32(this.draw,",
      ),
      bug("dropped", "no word is left out for fairness", ">= unfair", ">= 0"),
      bug(
        "reused counter",
        "a row begins with the second word of the row before",
        "    this.hasSecond = false;\n  }",
        "  }",
      ),
    ],
  },
  {
    file: "src/model/wiring/chance.ts",
    tests: ["model/wiring"],
    bugs: [
      bug("off by one", "an arrow can come twice", "at += 1 + Math.floor(", "at += Math.floor("),
      bug(
        "index",
        "blocks listen to others as to themselves",
        "walk(0, starts[block], across);",
        "walk(0, starts[block], within);",
      ),
    ],
  },
  {
    file: "src/model/wiring/sample.ts",
    tests: ["model/wiring"],
    bugs: [
      bug(
        "off by one",
        "the last number is never drawn",
        "words.below(top + 1)",
        "words.below(Math.max(1, top))",
      ),
    ],
  },
  {
    file: "src/model/wiring/smallWorld.ts",
    tests: ["model/wiring"],
    bugs: [bug("off by one", "the nearest neighbour is the neuron itself", "(input >> 1) + 1", "input >> 1")],
  },
  {
    file: "src/model/wiring/signs.ts",
    tests: ["model/counters"],
    bugs: [
      bug(
        "reused counter",
        "hidden neurons are the inhibitory ones",
        "networkUse.inhibitory",
        "networkUse.hidden",
      ),
    ],
  },
  {
    file: "src/model/network.ts",
    tests: ["model/trials", "model/wiring", "model/evolve"],
    bugs: [
      bug(
        "off by one",
        "the last arrow of a row is never found",
        "network.rowStart[target + 1] - 1;",
        "network.rowStart[target + 1] - 2;",
      ),
      bug(
        "dropped",
        "a row may leave no room for the noise",
        "refuseRows(network, 2 ** 31 - 1 - noiseLimit)",
        "refuseRows(network, 2 ** 31 - 1)",
      ),
      bug(
        "rounding",
        "negative weights are rounded towards the positive",
        "Math.sign(weight) * Math.round(Math.abs(weight) * one)",
        "Math.round(weight * one)",
      ),
    ],
  },
  {
    file: "src/model/singularValue.ts",
    tests: ["model/singularValue"],
    bugs: [
      bug(
        "dropped",
        "the vector before last is not taken off",
        "onDiagonal * current[i] + before * previous[i]",
        "onDiagonal * current[i]",
      ),
      bug(
        "condition",
        "rows alike are enough for the short cut",
        "return outputs.every((count) => count === inputs) ? inputs : null;",
        "return outputs.length > 0 ? inputs : null;",
      ),
    ],
  },
];
