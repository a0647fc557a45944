/** Work is counted in steps, not by the clock: the same input always gets the same answer, on any machine. */

/** About one comparison of two words each; 150 million take about a second on a slow laptop. */
export const STEPS = 150_000_000;

export class Budget {
  left: number;
  constructor(steps: number = STEPS) {
    this.left = steps;
  }

  /** Take steps; false, and nothing is taken, when they are not there. */
  spend(steps: number): boolean {
    if (steps > this.left) return false;
    this.left -= steps;
    return true;
  }
}
