import type { KernelCheck } from "../../engine/gpu/check";
import type { KernelName } from "../../engine/gpu/kernels";
import { count } from "../../ui/words";
import { byId, write } from "../elements";
import type { SelfCheck } from "./bench";
import { selfCheck } from "./comparison";
import { checkText } from "./words";

const promise =
  "Every kernel against its twin in TypeScript, word by word, on this adapter: tens of millions of words, about half a minute.";

/** The self-check on the page: its button, its progress, its table. */
export class CheckPanel {
  result: SelfCheck | null = null;
  private going: AbortController | null = null;

  constructor() {
    this.fill(
      (Object.keys(purposes) as KernelName[]).map((name) => ({
        name,
        words: null,
        different: null,
        first: null,
      })),
    );
    write("check-text", promise);
    this.state = "";
  }

  get isRunning(): boolean {
    return this.going !== null;
  }

  async run(): Promise<void> {
    if (this.going) return;
    const going = new AbortController();
    this.going = going;
    this.result = null;
    byId("check-verdict").className = "";
    write("check-verdict", "");
    this.state = "running";
    const bar = byId<HTMLProgressElement>("check-progress");
    const onProgress = (done: number, of: number) => {
      bar.value = done / of;
      write("check-text", `checking: ${done} of ${of} sizes`);
    };
    try {
      bar.value = 0;
      write("check-text", "getting ready …");
      this.result = await selfCheck(onProgress, going.signal);
      this.show(this.result);
      write("check-text", "");
      this.state = "done";
    } catch (error) {
      write("check-text", going.signal.aborted ? promise : `The check stopped: ${(error as Error).message}`);
      this.state = going.signal.aborted ? "" : "failed";
    } finally {
      this.going = null;
      this.allow(true);
    }
  }

  /** False if nothing was under way. */
  cancel(): boolean {
    this.going?.abort();
    return this.going !== null;
  }

  /** Without a GPU there is nothing to check. */
  allow(isThere: boolean): void {
    byId<HTMLButtonElement>("check-run").disabled = !isThere || this.isRunning;
    if (!isThere) write("check-text", "The kernels need a GPU: there is nothing to check here.");
  }

  private show(found: SelfCheck): void {
    const isGood = found.kernels.every(({ different, changed }) => different === 0 && changed > 0);
    write("check-verdict", checkText(found));
    byId("check-verdict").className = isGood ? "good" : "bad";
    // What is wrong first: the table may be longer than its room.
    const wrongFirst = found.kernels.filter(({ different }) => different > 0);
    this.fill([...wrongFirst, ...found.kernels.filter(({ different }) => different === 0)]);
  }

  private fill(kernels: readonly Row[]): void {
    const rows = kernels.flatMap(({ name, words, different, first }) => {
      const row = document.createElement("tr");
      row.className = different ? "bad" : "";
      const does = cell("td", purposes[name]);
      does.className = "does";
      row.append(cell("th", name), does, cell("td", countOf(words)), cell("td", countOf(different)));
      if (!first) return [row];
      const where = document.createElement("tr");
      where.className = "first";
      const text = `first ${first.binding}[${count(first.index)}]: GPU ${count(first.gpu)}, CPU ${count(first.twin)}`;
      const said = cell("td", text);
      said.colSpan = 4;
      where.append(said);
      return [row, where];
    });
    byId("check-rows").replaceChildren(...rows);
  }

  private set state(state: string) {
    document.documentElement.dataset.check = state;
    byId("check-progress").hidden = state !== "running";
    this.allow(true);
  }
}

/** A kernel in the table; null before it was checked. */
type Row = Pick<KernelCheck, "first" | "name"> & {
  readonly words: number | null;
  readonly different: number | null;
};

const countOf = (value: number | null): string => (value === null ? "–" : count(value));

/** What a kernel does. */
const purposes: Readonly<Record<KernelName, string>> = {
  encrypt: "random numbers alone",
  perturb: "who is set, and to what",
  choose: "which neurons are set",
  respond: "one step of the network",
  impose: "states before the step",
  evolve: "one step, only watched",
  correlate: "products of then and now",
  count: "Σ p",
  tally: "Σ o and Σ o²",
  square: "o², to be added up",
  accumulate: "Σ p·o of every pair",
  align: "bits, in the order of planes",
  slice: "outcomes, cut into bit planes",
  accumulatePlanes: "Σ p·o, from bit planes",
  accumulateDots: "Σ p·o, by dot products",
  accumulateTables: "Σ p·o, from tables",
};

function cell(kind: "th" | "td", text: string): HTMLTableCellElement {
  const element = document.createElement(kind);
  if (kind === "th") element.scope = "row";
  element.textContent = text;
  return element;
}
