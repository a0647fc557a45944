/** Work is counted in steps, not by the clock: the same input always gets the same answer, on any machine. */

/** About one comparison of two words each; all of them take about a second. */
export const STEPS = 60_000_000;

export class Budget {
  left: number;
  private refused = false;
  constructor(steps: number = STEPS) {
    this.left = steps;
  }

  /** Something was asked for that was not there. */
  get isSpent(): boolean {
    return this.refused;
  }

  /** Take steps; false, and nothing is taken, when they are not there. */
  spend(steps: number): boolean {
    if (steps > this.left) {
      this.refused = true;
      return false;
    }
    this.left -= steps;
    return true;
  }
}

/** Work that stops now and then to let others have their turn; what it answers does not depend on when it goes on. */
export type Steps<Answer> = Generator<void, Answer>;

/** Paragraphs between two stops. */
export const STRIDE = 64;
