/** The first call does it, others nothing: what was let go of in another thread cannot be asked to let go again. */
export function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    work();
  };
}
