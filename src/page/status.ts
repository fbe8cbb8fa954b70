import { count, duration, memory, roughly } from "../ui/words";
import type { Preparation } from "./desk";
import { type LayoutChoice, mostBytes } from "./forecast";
import type { Progress } from "./session";

/** "31,000 trials/s"; before there are any, how long those before this run lead to expect: "about 2 min in all". */
export function speedText({ state, speed, paced, expectedSeconds }: Progress): string {
  if (state === "running" && paced) return "slowed, to be seen";
  if (Number.isFinite(speed)) return `${roughly(speed)} trials/s`;
  return expectedSeconds >= 1 ? `about ${duration(expectedSeconds)} in all` : "–";
}

/** What getting ready consists of, as it is said while it goes on. */
const preparations = {
  reading: ({ experiment }) => `reading ${experiment.file}`,
  wiring: ({ forecast }: Progress) => `making ${count(forecast?.arrows ?? 0)} arrows`,
  scale: () => "scaling the weights",
  effects: () => "exact effects",
  expectations: () => "what to expect",
} as const satisfies Record<Preparation["work"], (progress: Progress) => string>;

/** "making 2,000,000 arrows · 40 % · 3 s left" */
function preparingText(progress: Progress): string {
  const { preparation } = progress;
  if (!preparation) return "getting ready …";
  const { work, share, since } = preparation;
  const elapsed = (performance.now() - since) / 1000;
  const left = share ? (elapsed * (1 - share)) / share : 0;
  return [
    preparations[work](progress),
    share === null ? "…" : `${Math.floor(100 * share)} %`,
    left > 2 ? `${duration(left)} left` : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** "up to 440 MiB": what a run will hold; then what it holds of that, "120 MiB of 440 MiB". */
export const memoryText = ({ forecast, held }: Progress, layout: LayoutChoice): string => {
  if (!forecast) return "…";
  const most = memory(mostBytes(forecast, layout));
  return held === null ? `up to ${most}` : `${memory(held)} of ${most}`;
};

/** The same in full. */
export const sizeText = ({ forecast, held }: Progress, layout: LayoutChoice): string => {
  if (!forecast) return "";
  const size = `${count(forecast.sources)} × ${count(forecast.targets)} pairs, ${count(forecast.arrows)} arrows`;
  const most = `${size}: forecast are up to ${memory(mostBytes(forecast, layout))} at a time, all threads together`;
  return held === null
    ? most
    : `${most}; ${memory(held)} are held now by sums, buffers and arrays that the lab has made`;
};

/** What the session is doing, in a line. */
export function statusText(progress: Progress): string {
  const { state, trials, experiment, speed, paced } = progress;
  const unit = experiment.trials === 1 ? "trial" : "trials";
  const of = `${count(trials)} of ${count(experiment.trials)} ${unit}`;
  if (state === "running") {
    const left = (experiment.trials - trials) / speed;
    return `running · ${of}${left > 2 && !paced ? ` · ${duration(left)} left` : ""}`;
  }
  if (state === "paused") return `paused · ${of}`;
  if (state === "cancelled") return `cancelled · ${of}`;
  if (state === "done") return `done · ${count(trials)} ${unit}`;
  if (state === "offered") return `not started · ${of}`;
  if (state === "failed") return `stopped · ${of}`;
  return preparingText(progress);
}
