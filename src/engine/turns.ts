/**
 * Lets pieces of work take turns: each begins when the one before it is done. After one has failed, all that follow
 * fail in the same way.
 */
export function turns(): <T>(work: () => Promise<T>) => Promise<T> {
  let turn: Promise<unknown> = Promise.resolve();
  let failure: unknown = null;
  return (work) => {
    const mine = turn.then(() => {
      if (failure !== null) throw failure;
      return work();
    });
    turn = mine.catch((error: unknown) => {
      failure ??= error;
    });
    return mine;
  };
}
