/**
 * The clock and the timer of one server. The clock may run fast or slow, and jump; the timer
 * elapses by that clock. Integer arithmetic throughout.
 */
export class Clock {
  /** Ticks of this clock in a thousand of true time. */
  #rate: number;
  /** The true tick at which the timer elapses. */
  deadline = Number.POSITIVE_INFINITY;
  /** The true tick at which the timer is next looked at; infinity where it is not. */
  lookAt = Number.POSITIVE_INFINITY;

  constructor(rate: number) {
    this.#rate = rate;
  }

  get rate(): number {
    return this.#rate;
  }

  /** From now on the clock is right. */
  repair(): void {
    this.#rate = 1000;
  }

  /** The timer shall elapse once this clock has moved on by so many ticks. */
  setTimer(now: number, ticks: number): void {
    this.deadline = now + Math.max(1, Math.floor((ticks * 1000) / this.#rate));
  }

  stopTimer(): void {
    this.deadline = Number.POSITIVE_INFINITY;
  }

  /** The clock jumps forward, or back where `ticks` is negative. */
  jump(now: number, ticks: number): void {
    this.deadline = Math.max(now + 1, this.deadline - ticks);
  }
}
