/**
 * Waits that grow from `firstMs` to `mostMs` with full jitter in their upper half, so that a thousand screens
 * cut off together do not come back together.
 */
export class BackOff {
  readonly #firstMs: number;
  readonly #mostMs: number;
  readonly #random: () => number;
  #tries = 0;

  constructor(firstMs: number, mostMs: number, random: () => number = Math.random) {
    this.#firstMs = firstMs;
    this.#mostMs = mostMs;
    this.#random = random;
  }

  nextMs(): number {
    const ceiling = Math.min(this.#mostMs, this.#firstMs * 2 ** this.#tries);
    this.#tries = Math.min(this.#tries + 1, 30);
    return Math.round(ceiling * (0.5 + this.#random() / 2));
  }

  reset(): void {
    this.#tries = 0;
  }
}
