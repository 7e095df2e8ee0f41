/** Now, as the caller sees it. Rules never read the machine's clock themselves, so that tests can hold time still. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
