/**
 * Why a user with so many sessions may start no other, and what to do about it. `stopping` is how many of them are being
 * stopped already.
 */
export function limitSentence(used: number, most: number, stopping = 0): string {
  if (most === 0) return 'Your administrator allows you no sessions.'
  const have = `You have ${used} of ${most} session${most === 1 ? '' : 's'}`
  const enough = used - stopping < most
  return enough ? `${have}; wait until one has stopped.` : `${have}; stop one first.`
}
