export function judge(answer: string | null | undefined): { isGrave: boolean; lines: string[] };
