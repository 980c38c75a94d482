// @ts-check

/** Ends a script with its sentence and no stack: the reader is to act on it, not to debug it. */
export class SetupError extends Error {}

/**
 * Runs a script's main function, which gives the exit code.
 * @param {() => Promise<number>} main
 */
export async function runScript(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}
