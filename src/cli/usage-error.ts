/** The person typed something that no command understands: they get the help, and exit code 2. */
export class UsageError extends Error {}
