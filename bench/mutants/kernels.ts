import { bug, type Seeded } from "./bug";

/** Bugs in the GPU's kernels: their twins are not told. */
export const kernels: readonly Seeded[] = [
  {
    file: "shaders/perturb.wgsl",
    tests: ["twins/perturb"],
    bugs: [
      bug(
        "index",
        "the second word of a block is masked like the first",
        "trial_mask(first + 32u)",
        "trial_mask(first)",
      ),
      bug(
        "reused counter",
        "every block is drawn like the chunk's first",
        "first >> 6u",
        "params.trial_base >> 6u",
      ),
    ],
  },
  {
    file: "shaders/lib/bits.wgsl",
    tests: ["twins/perturb", "twins/choose"],
    bugs: [
      bug(
        "reused counter",
        "whether a neuron is set is drawn like what it is set to",
        "first_use + 15u - place",
        "15u - place",
      ),
      bug(
        "off by one",
        "the last bit of a probability is left out",
        "countTrailingZeros(probability);",
        "countTrailingZeros(probability) + 1u;",
      ),
    ],
  },
  {
    file: "shaders/lib/threefry.wgsl",
    tests: ["twins/encrypt"],
    bugs: [
      bug(
        "index",
        "words of the key are put in the wrong way round",
        "vec2u(k2, key.x + 2u)",
        "vec2u(key.x, k2 + 2u)",
      ),
      bug(
        "reused counter",
        "all uses of a neuron's noise are one",
        "(stream << 30u) | (use_of_draw << 20u) | neuron",
        "(stream << 30u) | neuron",
        { tests: ["twins/evolve"] },
      ),
    ],
  },
  {
    file: "shaders/lib/activate.wgsl",
    tests: ["twins/respond", "twins/evolve"],
    bugs: [
      bug(
        "reused counter",
        "common noise is the neuron's own",
        "draws.common_lane, draws.key",
        "draws.lane, draws.key",
      ),
      bug(
        "reused counter",
        "pairs of trials draw each for itself",
        "select(trial, trial >> vec4u(1u), draws.pairs)",
        "trial",
      ),
      bug(
        "reused counter",
        "the rounding is drawn with the noise's word",
        "(own[1] & vec4u(0xffffu))",
        "(own[0] & vec4u(0xffffu))",
      ),
      bug(
        "off by one",
        "octaves of the normal table are counted from the next",
        "(vec4u(32u) - zeros)",
        "(vec4u(31u) - zeros)",
      ),
      bug(
        "rounding",
        "the sigmoid is cut off instead of rounded",
        " + vec4u(4096u)) >> vec4u(13u)",
        ") >> vec4u(13u)",
      ),
      bug(
        "rounding",
        "noise that is scaled is cut off instead of rounded",
        "+ low + vec4i(0x8000)) >> vec4u(16u)",
        "+ low) >> vec4u(16u)",
      ),
    ],
  },
  {
    file: "shaders/lib/params.wgsl",
    tests: ["twins/perturb"],
    bugs: [
      bug("off by one", "a word that ends with the chunk is empty", "end >= 32u", "end > 32u"),
      bug("dropped", "trials before the chunk's first count", "return below & above;", "return below;"),
    ],
  },
  {
    file: "shaders/respond.wgsl",
    tests: ["twins/respond"],
    bugs: [
      bug(
        "off by one",
        "the last arrow of a row is left out",
        "let end = row_start[target_neuron + 1u];",
        "let end = row_start[target_neuron + 1u] - 1u;",
      ),
      bug(
        "copy and paste",
        "trials 16 to 19 are those from 20",
        "d4 += on(w, bits, 16u);",
        "d4 += on(w, bits, 20u);",
      ),
      bug("dropped", "the mask of the first four trials is that of all", "    mask >>= 4u;\n", ""),
      bug(
        "index",
        "the target's own bits stand for the source's",
        "perturbation[source[arrow] * params.words + word]",
        "perturbation[target_neuron * params.words + word]",
      ),
    ],
  },
  {
    file: "shaders/evolve.wgsl",
    tests: ["twins/evolve"],
    bugs: [
      bug("rounding", "a state is taken for 256ths", "activate(sum / 255,", "activate(sum / 256,"),
      bug(
        "index",
        "rows of states are taken for rows of bits",
        "source[arrow] * quads + quad",
        "source[arrow] * params.words + quad",
      ),
    ],
  },
  {
    file: "shaders/impose.wgsl",
    tests: ["twins/impose"],
    bugs: [bug("dropped", "neurons set to 0 keep their state", "(state[at] & ~down) | up", "state[at] | up")],
  },
  {
    file: "shaders/choose.wgsl",
    tests: ["twins/choose"],
    bugs: [
      bug("formula", "pairs of trials take turns trial by trial", "(first >> 1u) % turns", "first % turns"),
      bug(
        "dropped",
        "half a pair counts",
        "return bits & (((mask & 0x55555555u) << 1u) | ((mask & 0xaaaaaaaau) >> 1u));",
        "return bits;",
      ),
      bug(
        "reused counter",
        "whom a subset sets is drawn like what it sets them to",
        "neuron, 16u)",
        "neuron, 0u)",
      ),
    ],
  },
  {
    file: "shaders/count.wgsl",
    tests: ["twins/count"],
    bugs: [
      bug(
        "off by one",
        "the trials themselves are not counted",
        "column > params.sources",
        "column >= params.sources",
      ),
      bug(
        "index",
        "a column is taken for a neuron",
        "source_list[column] * params.words",
        "column * params.words",
      ),
    ],
  },
  {
    file: "shaders/tally.wgsl",
    tests: ["twins/tally"],
    bugs: [
      bug(
        "off by one",
        "the last word of each part is left out",
        "min(start + 64u, quads)",
        "min(start + 63u, quads)",
      ),
      bug(
        "copy and paste",
        "one of four squares counts twice",
        "squares.z + squares.w",
        "squares.z + squares.z",
      ),
    ],
  },
  {
    file: "shaders/square.wgsl",
    tests: ["twins/square"],
    bugs: [
      bug(
        "index",
        "a pair's difference is with the pair before",
        "values.w - values.z",
        "values.w - values.y",
      ),
    ],
  },
  {
    file: "shaders/lib/carry.wgsl",
    tests: ["twins/count", "twins/tally"],
    bugs: [bug("carry", "adding nothing carries", "before + value < before", "before + value <= before")],
  },
  {
    file: "shaders/lib/pair.wgsl",
    tests: ["twins/accumulate"],
    bugs: [
      bug(
        "index",
        "every tile of sums begins at the first target",
        "params.target_from + row - params.tile_from",
        "params.target_from + row",
      ),
      bug(
        "condition",
        "columns past the edge add to the next row",
        "row >= params.targets || column >= params.sources",
        "row >= params.targets",
      ),
    ],
  },
  {
    file: "shaders/accumulate.wgsl",
    tests: ["twins/accumulate"],
    bugs: [
      bug(
        "off by one",
        "every sixteenth word is left out",
        "min(start + 16u, words)",
        "min(start + 15u, words)",
      ),
      bug(
        "copy and paste",
        "the fourth column has the sums of the third",
        "add_column(row, column + 3u, s3);",
        "add_column(row, column + 3u, s2);",
      ),
    ],
  },
  {
    file: "shaders/accumulate_dots.wgsl",
    tests: ["twins/accumulateDots"],
    bugs: [
      bug(
        "index",
        "who brings which word is the wrong way round",
        "let quad_of = local % 8u;",
        "let quad_of = local / 8u;",
      ),
      bug(
        "copy and paste",
        "far sources of one target are the near ones",
        "t7 += dots(far, lower.w);",
        "t7 += dots(near, lower.w);",
      ),
    ],
  },
  {
    file: "shaders/accumulate_tables.wgsl",
    tests: ["twins/accumulateTables"],
    bugs: [
      bug(
        "copy and paste",
        "one of 16 sums has the wrong trial in it",
        "table[at + 352u] = ab + d;",
        "table[at + 352u] = ab + c;",
      ),
      bug(
        "carry",
        "16-bit halves are emptied too late",
        "for (var start = 0u; start < words; start += 8u) {\n    var h0 = vec4u();\n    var h1 = vec4u();\n    var h2 = vec4u();\n    var h3 = vec4u();\n    let end = min(start + 8u, words);",
        "for (var start = 0u; start < words; start += 16u) {\n    var h0 = vec4u();\n    var h1 = vec4u();\n    var h2 = vec4u();\n    var h3 = vec4u();\n    let end = min(start + 16u, words);",
      ),
    ],
  },
  {
    file: "shaders/accumulate_planes.wgsl",
    tests: ["twins/accumulatePlanes"],
    bugs: [
      bug(
        "copy and paste",
        "the second target has the first one's sums",
        "sum_of(low, high, b)",
        "sum_of(low, high, a)",
      ),
      bug(
        "dropped",
        "the last 256 trials are left out",
        "section < sections; section++",
        "section + 1u < sections; section++",
      ),
    ],
  },
  {
    file: "shaders/lib/adders.wgsl",
    tests: ["twins/accumulatePlanes"],
    bugs: [
      bug("formula", "a full adder forgets a carry", "(x & y) | (differ & z)", "(x & y) | (x & z)"),
      bug(
        "copy and paste",
        "the last plane takes the carry of the plane before",
        "full(x[9], y[9], i.y)",
        "full(x[9], y[9], h.y)",
      ),
    ],
  },
  {
    file: "shaders/align.wgsl",
    tests: ["twins/align"],
    bugs: [
      bug(
        "off by one",
        "the word after the chunk is the next row's",
        "word < params.words",
        "word <= params.words",
      ),
      bug("index", "a column is taken for a neuron", "source_list[item / whole]", "(item / whole)"),
    ],
  },
  {
    file: "shaders/slice.wgsl",
    tests: ["twins/slice"],
    bugs: [
      bug(
        "index",
        "two words are exchanged the wrong way round",
        "vec4u(nibbles[0].zw, nibbles[1].zw)",
        "vec4u(nibbles[1].zw, nibbles[0].zw)",
      ),
    ],
  },
  {
    file: "shaders/correlate.wgsl",
    tests: ["twins/correlate"],
    bugs: [
      bug(
        "dropped",
        "the second half of the chains is left out",
        "let length = params.words * 2u;",
        "let length = params.words;",
      ),
    ],
  },
];
