/** Does this right after what is under way, in the order in which it was asked for; keys and clicks go in between. */
export const inOwnTask = (work: () => void): void => void setTimeout(work);
