/** Told about each step when it ends, with its duration; about a long one also when it begins. */
export type Progress = (step: string, ms?: number) => void;
