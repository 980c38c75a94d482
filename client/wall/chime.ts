/** Sound by urgency, off until somebody turns it on: browsers let a page sound only after a key or a click. */
export class Chime {
  #context: AudioContext | undefined;

  get isOn(): boolean {
    return this.#context !== undefined;
  }

  toggle(): void {
    if (this.#context === undefined) {
      this.#context = new AudioContext();
      this.#tone(this.#context, 660, 0);
      return;
    }
    void this.#context.close();
    this.#context = undefined;
  }

  play(urgency: number): void {
    const context = this.#context;
    if (context === undefined || urgency > 3) return;
    this.#tone(context, 660, 0);
    if (urgency <= 2) this.#tone(context, 880, 0.22);
    if (urgency === 1) this.#tone(context, 1100, 0.44);
  }

  #tone(context: AudioContext, frequency: number, after: number): void {
    const tone = context.createOscillator();
    const volume = context.createGain();
    const at = context.currentTime + after;
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.2, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.2);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.22);
  }
}
