/** A setting that stops the start. The message is the one sentence that a person gets to read. */
export class ConfigError extends Error {
  readonly setting: string;

  constructor(setting: string, why: string) {
    super(`${setting} is wrong: ${why}.`);
    this.name = "ConfigError";
    this.setting = setting;
  }
}
