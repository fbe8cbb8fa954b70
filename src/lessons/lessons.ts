import * as equations from "./equations";
import type { Lesson } from "./lesson";

/** The notebook's network and its 5,000 time steps, which are 2,500 trials. */
const notebook = { network: "notebook", neurons: 6, networkSeed: 42, trials: 2_500 } as const;

const noise = { means: "standard deviation of an outcome", replay: "0.21" };

/** The course's notebook, in its order, and two steps beyond it. */
export const lessons: readonly Lesson[] = [
  {
    number: 1,
    key: "1",
    name: "two-neurons",
    title: "Two neurons",
    text:
      "Does neuron A make neuron B fire? Watching them cannot tell, so we force A: in half of the trials we set it " +
      "to 0, in the other half to 1, and compare the averages of B. In medicine this is a randomised controlled " +
      "trial: A is the drug, B is the patient.",
    equation: equations.twoNeurons,
    question:
      "B is A plus noise, and the noise is as large as the step that A makes. After {trials} trials of each kind, " +
      "how far apart will the two averages be?",
    reveal:
      "The true effect is 1. The difference in means is {difference}, and such a run misses by about " +
      "{standardError}. Four times as many trials would halve that error.",
    numbers: {
      trials: { means: "trials with A set to 0, and as many with A set to 1", replay: "5,000" },
      difference: { means: "difference in means of B", replay: "0.990719…" },
      standardError: { means: "standard error of the difference", replay: "0.02" },
    },
    picture: "dots",
    beside: [],
    experiment: notebook,
    view: { truth: "hidden", trialsPerArm: 5_000 },
    replay:
      "NumPy's own random numbers, np.random.seed(12): 5,000 trials with A at 1, then 5,000 with A at 0. The " +
      "difference in means is the notebook's 0.990719.",
    fresh: "New noise from the lab's seed. Change the seed, and the difference lands elsewhere near 1.",
  },
  {
    number: 2,
    key: "2",
    name: "system",
    title: "A system of neurons",
    text:
      "Now there are {neurons} neurons and {arrows} arrows. At every time step each neuron adds up what its arrows " +
      "bring, noise comes on top, and a sigmoid squeezes the sum to between 0 and 1. Graph and matrix show the same " +
      "wiring: a column is where arrows start, a row is where they end.",
    equation: equations.system,
    question:
      "Look only at the activity, neuron down and time across. Can you tell who sends arrows to whom?",
    reveal:
      "Hardly. The noise moves a neuron by about {noise} at every step; an arrow moves its target by about {effect}, " +
      "and only when its source goes all the way from 0 to 1. Left alone, it never does.",
    numbers: {
      neurons: { means: "size of the network", replay: "6" },
      arrows: { means: "arrows in the network", replay: "4" },
      noise,
      effect: { means: "exact effect of a typical arrow", replay: "0.14" },
    },
    note:
      "The notebook's text calls the element in row i, column j of A the effect of neuron i on neuron j. Its code " +
      "multiplies A by the state, so that element is the weight of the arrow from j to i. The code is right, and " +
      "every picture here follows it; the notebook itself says that the arrows in its videos point the wrong way.",
    picture: "raster",
    beside: ["graph", "matrix"],
    experiment: notebook,
    view: { truth: "shown", steps: 10 },
    replay:
      "create_connectivity(6) and simulate_neurons(A, 5000), seed 42 both times: the arrows 1 → 0, 5 → 1, 3 → 5 and " +
      "4 → 5, each of weight 0.700106, and the notebook's first 10 of 5,000 time steps.",
    fresh: "The same network with new noise: another raster, the same wiring.",
  },
  {
    number: 3,
    key: "3",
    name: "perturb",
    title: "Perturb",
    text:
      "At every second time step we step in and set every neuron to 0 or 1, each by the toss of a coin. Then we let " +
      "go, and the network answers with one step of its own. Set and answer, two columns of the picture, are one trial.",
    equation: equations.perturb,
    question: "There is {arrow}. Go through a few trials step by step: in how many of them can you see it?",
    reveal:
      "In none of them for sure: the arrow adds {effect}, the noise takes or gives {noise}. The coins are tossed " +
      "anew every time, so averages can tell the two apart; for this arrow about {trialsNeeded} trials are enough.",
    numbers: {
      arrow: {
        means: "the arrow that is followed: 5 → 1 where there is one, else the strongest",
        replay: "an arrow from neuron 5 to neuron 1",
      },
      effect: { means: "exact effect of that arrow", replay: "0.14" },
      noise,
      trialsNeeded: {
        means: "trials until that arrow stands three standard errors clear of 0",
        replay: "80",
      },
    },
    picture: "rasters",
    beside: ["graph"],
    experiment: notebook,
    view: { truth: "shown", steps: 10, halfSteps: true, select: "5-1" },
    replay:
      "simulate_neurons_perturb(A, 5000), which goes on in NumPy's stream where the standard run stopped: 2,500 " +
      "trials, the first 5 of them as the notebook draws them.",
    fresh: "New coins and new noise: each trial can be followed from the lab's seed.",
  },
  {
    number: 4,
    key: "4",
    name: "one-neuron",
    title: "One neuron",
    text:
      "Pick a source. Sort all trials by what it was set to, average every neuron's answer over the trials with 1 and " +
      "over those with 0, and subtract. All the others were set at random too, so what they add is the same on both " +
      "sides, on average, and drops out.",
    equation: equations.oneNeuron,
    question:
      "The source is neuron {source}, and there are {trials} trials. Which bars will stand out from 0, and how far " +
      "off will the others be?",
    reveal:
      "Neuron {source} {sends}. The bars agree with its column of the connectivity with a correlation of {agreement}. " +
      "A bar without an arrow misses 0 by about {standardError}, as its interval says.",
    numbers: {
      source: { means: "the source that was picked", replay: "1" },
      trials: { means: "trials so far", replay: "2,500" },
      sends: { means: "its arrows in words", replay: "sends an arrow to 0" },
      agreement: { means: "correlation of the effects with the source's column of A", replay: "0.996" },
      standardError: { means: "standard error of an effect", replay: "0.008" },
    },
    note:
      "The notebook's formula divides both sums by the same N. Its code divides each by the trials of its own arm, " +
      "as a mean must be.",
    picture: "bars",
    beside: ["graph"],
    experiment: notebook,
    view: { truth: "hidden", source: 1, select: "1" },
    replay:
      "The notebook's selected neuron 1, after another 5,000 perturbed time steps of the same stream. The " +
      "correlation with column 1 of A is 0.996019.",
    fresh: "The lab's own trials, as many as you like: watch the intervals shrink.",
  },
  {
    number: 5,
    key: "5",
    name: "all-neurons",
    title: "All neurons",
    text:
      "Every neuron was set in every trial, so the same {trials} trials answer for all {pairs} pairs at once. The " +
      "notebook now takes a shortcut: the correlation of each perturbation with each outcome. It is the difference in " +
      "means in other units, row by row, and shows the same wiring.",
    equation: equations.allNeurons,
    question:
      "An arrow has the weight {weight}. Will its effect be as large? And if not, why may we still compare the two?",
    reveal:
      "The effect is only about {effect}, because the sigmoid squeezes. But a pair without an arrow has none, so the " +
      "points lie along a line: slope {slope}, r = {agreement}. Even exact effects would reach {exactAgreement} and " +
      "not 1, since the sigmoid bends more where more arrows arrive.",
    numbers: {
      trials: { means: "trials so far", replay: "2,500" },
      pairs: { means: "ordered pairs of neurons, with themselves", replay: "36" },
      weight: { means: "weight of an arrow", replay: "0.70" },
      effect: { means: "exact effect of a typical arrow", replay: "0.14" },
      slope: { means: "of the line through effect against weight", replay: "0.193" },
      agreement: { means: "correlation of the effects with the weights", replay: "0.988" },
      exactAgreement: { means: "correlation of the exact effects with the weights", replay: "0.999" },
    },
    note:
      "The notebook keeps R with the source in the row, the other way round than A, and so transposes A before it " +
      "compares. Here R lies as A does: column = from, row = to. The notebook says the correlation should be 1 if " +
      "the effects are right; the bend of the sigmoid leaves 0.9993 here.",
    picture: "scatter",
    beside: ["matrices", "proportion"],
    experiment: notebook,
    view: { truth: "shown" },
    replay:
      "create_connectivity sets the seed to 42 again, then 5,000 perturbed time steps follow. The correlation " +
      "estimate R agrees with A by 0.987593, the difference in means by 0.987921.",
    fresh: "The lab's own trials: both estimates come from the same sums.",
  },
  {
    number: 6,
    key: "6",
    name: "how-far",
    title: "How far does it go?",
    text:
      "Six neurons were easy. Now the network grows to 25, 100, 400 and 1,000 neurons, and the number of trials stays " +
      "at {trials}. In a larger network one arrow is one of many: its effect shrinks like 1/N, and the noise does not.",
    equation: equations.howFar,
    question:
      "With 6 neurons the agreement is {fixed6}. What will it be with 400? And what must the trials do to bring it back?",
    reveal:
      "It falls to {fixed25}, {fixed100}, {fixed400} and {fixed1000}: perturbation too fails at scale, unless the " +
      "trials grow. Half the effect takes four times the trials, so they must grow like N². With {trialsPerPair} " +
      "trials for each pair the agreement is back at {grown100}, {grown400} and {grown1000}. This is what the GPU is for.",
    numbers: {
      trials: { means: "trials at every size", replay: "2,500" },
      fixed6: { means: "agreement at 6 neurons and that many trials", replay: "0.98" },
      fixed25: { means: "agreement at 25 neurons", replay: "0.90" },
      fixed100: { means: "agreement at 100 neurons", replay: "0.56" },
      fixed400: { means: "agreement at 400 neurons", replay: "0.18" },
      fixed1000: { means: "agreement at 1,000 neurons", replay: "0.07" },
      trialsPerPair: { means: "trials for each ordered pair, when they grow", replay: "4" },
      grown100: { means: "agreement at 100 neurons with 4 N² trials", replay: "0.94" },
      grown400: { means: "agreement at 400 neurons with 4 N² trials", replay: "0.94" },
      grown1000: { means: "agreement at 1,000 neurons with 4 N² trials", replay: "0.95" },
    },
    note:
      "The notebook stops at 6 neurons. How fast the agreement falls depends a little on which network is drawn: at " +
      "25 neurons it is 0.90 or 0.91.",
    picture: "scaling",
    beside: ["matrices"],
    experiment: notebook,
    view: {
      truth: "shown",
      ladder: { neurons: [6, 25, 100, 400, 1_000], trials: 2_500, trialsPerPair: 4 },
    },
    replay:
      "The networks are NumPy's own, create_connectivity(N) with seed 42. The notebook's trials end here; those of " +
      "the larger networks are the lab's.",
    fresh:
      "The lab's own trials on each network, measured as they run; the curve is what theory expects before the first " +
      "trial. 4 N² trials of 1,000 neurons are 4 million trials of a million pairs each.",
  },
  {
    number: 7,
    key: "7",
    name: "do-or-see",
    title: "Do against see",
    text:
      "Must we step in at all? Where there is an arrow, the target follows its source: why not watch, and correlate " +
      "the two one step apart? Both ways get the same time steps of {neurons} neurons, {observed}, and {common} of " +
      "the noise is an input that all neurons share and nobody sees.",
    equation: equations.doOrSee,
    question:
      "After {first} time steps watching agrees with the wiring by {seeFirst}, perturbing by {doFirst}. Where will " +
      "each of them be after {last}?",
    reveal:
      "Perturbing climbs to {doLast}, watching stays at {seeLast}, and more time would not help: noise shrinks with " +
      "time, bias does not. The shared input moves all neurons at once, so each seems to send the arrows of the " +
      "others: whole rows of its matrix light up. Without that input watching gets to {seePrivate} too, only later: " +
      "there it lacks nothing but patience.",
    revealPrivate:
      "Perturbing climbs to {doLast}, and watching to {seeLast}. While every neuron has noise of its own, watching " +
      "finds the wiring too, only later: it lacks nothing but patience. Now let the noise be shared.",
    numbers: {
      neurons: { means: "size of the network", replay: "25" },
      observed: { means: "how many of them are observed, in words", replay: "all observed" },
      common: { means: "part of the noise's variance that all neurons share", replay: "70\u00a0%" },
      first: { means: "time steps after which the room predicts", replay: "5,000" },
      seeFirst: { means: "agreement of the correlations by then", replay: "0.31" },
      doFirst: { means: "agreement of the effects by then", replay: "0.90" },
      last: { means: "time steps at the end", replay: "1,000,000" },
      seeLast: { means: "agreement of the correlations at the end", replay: "0.30" },
      doLast: { means: "agreement of the effects at the end", replay: "0.999" },
      seePrivate: {
        means: "agreement of the correlations at the end, with private noise",
        replay: "0.998",
      },
    },
    note:
      "It is often told that correlation fails because a network is large. With private noise it does not fail, it " +
      "takes about two and a half times as long here. Nor do hidden neurons alone mislead it much in this network: " +
      "each of them sends too little to two others.",
    picture: "plateau",
    beside: ["matrices"],
    experiment: { ...notebook, neurons: 25, common: 0.7, hidden: 0 },
    view: {
      truth: "shown",
      contest: {
        steps: [1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000],
        shown: 3,
      },
    },
    replay:
      "The network is NumPy's own, create_connectivity(25) with seed 42. The notebook never runs the two side by " +
      "side: all time steps are the lab's.",
    fresh:
      "All time steps are the lab's own. Perturbing takes two of them for each trial; watching counts those of 1,000 " +
      "copies of the network, each with noise of its own, after 100 steps to forget how they began.",
  },
];
