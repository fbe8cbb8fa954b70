import type { Lesson } from "../lessons/lesson";
import { lessons } from "../lessons/lessons";
import { defaultState, type State, type ViewOptions } from "../ui/state";

export const lessonOf = ({ lesson }: Pick<ViewOptions, "lesson">): Lesson | null =>
  lessons.find(({ number }) => String(number) === lesson) ?? null;

/** The state that a lesson opens with, by its key and by its bare link alike; without a lesson, the page's own. */
export function lessonDefaults({ lesson, answer }: Pick<ViewOptions, "lesson" | "answer">): State {
  const found = lessonOf({ lesson });
  if (!found) return defaultState;
  const { experiment, view } = defaultState;
  return {
    experiment: Object.freeze({ ...experiment, ...found.experiment }),
    view: Object.freeze({
      ...view,
      lesson,
      answer,
      truth: answer === "shown" ? "shown" : found.view.truth,
      select: found.view.select ?? "",
    }),
  };
}
