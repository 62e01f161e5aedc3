/** A regression in one eval set is a regression; else missing evidence; else inconclusive. */
export function worstExitCode(codes: readonly number[]): number {
  return [1, 4, 3].find((code) => codes.some((one) => one === code)) ?? 0
}
