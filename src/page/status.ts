import { count, duration, memory, roughly } from "../ui/words";
import type { Preparation } from "./desk";
import type { Progress } from "./session";

/** "31,000 trials/s" */
export const speedText = (speed: number) => (Number.isFinite(speed) ? `${roughly(speed)} trials/s` : "–");

/** What getting ready consists of, as it is said while it goes on. */
const preparations = {
  wiring: ({ forecast }: Progress) => `making ${count(forecast?.arrows ?? 0)} arrows`,
  scale: () => "scaling the weights",
  effects: () => "exact effects",
  expectations: () => "what to expect",
} as const satisfies Record<Preparation["work"], (progress: Progress) => string>;

/** "making 2,000,000 arrows · 40 % · 3 s left; then 64 × 100,000 pairs, up to 420 MiB, about 2 min" */
function preparingText(progress: Progress): string {
  const { preparation, forecast, expectedSeconds } = progress;
  if (!preparation || !forecast) return "getting ready …";
  const { work, share, since } = preparation;
  const elapsed = (performance.now() - since) / 1000;
  const left = share ? (elapsed * (1 - share)) / share : 0;
  const now = [
    preparations[work](progress),
    share === null ? "…" : `${Math.floor(100 * share)} %`,
    left > 2 ? `${duration(left)} left` : "",
  ];
  const then = [
    `${count(forecast.sources)} × ${count(forecast.targets)} pairs`,
    `up to ${memory(forecast.bytes)}`,
    Number.isFinite(expectedSeconds) ? `about ${duration(expectedSeconds)}` : "",
  ];
  return `${now.filter(Boolean).join(" · ")}; then ${then.filter(Boolean).join(", ")}`;
}

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
  if (state === "failed") return `stopped · ${of}`;
  return preparingText(progress);
}
