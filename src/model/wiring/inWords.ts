import type { Experiment } from "../experiment";

/** "random network, density 0.1", and which of its neurons are inhibitory. */
export function networkInWords(experiment: Experiment): string {
  const { network, networkSeed, density, inDegree, blocks, between, rewiring, file } = experiment;
  const inputs = `${inDegree.toLocaleString("en")} inputs a neuron`;
  const kind = {
    notebook: `notebook network, NumPy seed ${networkSeed}`,
    random: `random network, density ${density}`,
    "in-degree": `random network, ${inputs}`,
    blocks: `${blocks.toLocaleString("en")} blocks, density ${density} within and ${between} between`,
    file: `file ${file}`,
    "small-world": `small world, ${inputs}, ${rewiring} of them rewired`,
  }[network];
  const { inhibitory, inhibition } = experiment;
  if (network === "notebook" || network === "file" || inhibitory === 0) return kind;
  return `${kind}, ${inhibitory} of the neurons inhibitory${inhibition === 1 ? "" : `, ${inhibition} times as strong`}`;
}
