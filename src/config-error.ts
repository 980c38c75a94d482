/** Stops the start. The message is the one sentence that a person gets to read; it names the setting. */
export class ConfigError extends Error {
  readonly setting: string;

  constructor(setting: string, sentence: string) {
    super(sentence);
    this.name = "ConfigError";
    this.setting = setting;
  }
}

export function wrongSetting(setting: string, why: string): ConfigError {
  return new ConfigError(setting, `${setting} is wrong: ${why}.`);
}
