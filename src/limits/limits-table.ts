export const limitedActs = [
  'email_typed',
  'upstream_started',
  'code_sent',
  'code_tried',
  'totp_tried',
  'recovery_tried',
  'second_factor_tried',
  'passkey_tried',
  'account_changed',
  'join_asked',
  'official_code_sent',
  'domain_checked',
  'client_changed',
] as const;

export type LimitedAct = (typeof limitedActs)[number];

/** In the order in which they are counted, where nothing but the first that is exceeded counts. */
export const limitKeys = ['ip', 'account', 'address', 'address_anywhere', 'device'] as const;

export type LimitKey = (typeof limitKeys)[number];

/** So many times in so many seconds, counted from the first of them. */
export interface Limit {
  readonly times: number;
  readonly seconds: number;
}

/** What is not named is not limited by. `here`: the address as one network uses it, so that no other is held to it. */
export type LimitTable = Readonly<
  Record<
    LimitedAct,
    {
      readonly ip: Limit;
      readonly address?: Limit & { readonly here?: true };
      /** The same address as all networks together use it, beside what one of them may. */
      readonly address_anywhere?: Limit;
      readonly account?: Limit;
      /** Instead of all the others, for a browser where this address or account has signed in before. */
      readonly device?: Limit;
    }
  >
>;

const minute = 60;
const hour = 3600;

/**
 * Networks are wide, for a ministry has one address: they stop machines. Addresses count by network: nobody elsewhere uses
 * one up for its owner. Where a mailbox fills or a secret is guessed, all networks together are limited too, as widely as that
 * bears: a code serves in one login alone, and has tries of its own. Second factors, to which nobody comes who has not
 * proven the mailbox, and acts of somebody who is signed in count by account, and no device excuses them: devices are had
 * for the asking by whoever reads the mailbox.
 */
export const limitsTable = {
  email_typed: {
    ip: { times: 600, seconds: 5 * minute },
    address: { times: 30, seconds: 15 * minute, here: true },
    device: { times: 60, seconds: 15 * minute },
  },
  // What was typed is counted already: a tool that names the address, a second try and a stronger level come here too.
  upstream_started: {
    ip: { times: 600, seconds: 5 * minute },
    device: { times: 60, seconds: 15 * minute },
  },
  code_sent: {
    ip: { times: 200, seconds: hour },
    address: { times: 6, seconds: hour, here: true },
    address_anywhere: { times: 30, seconds: hour },
    device: { times: 6, seconds: hour },
  },
  code_tried: {
    ip: { times: 600, seconds: hour },
    address: { times: 30, seconds: hour, here: true },
    address_anywhere: { times: 150, seconds: hour },
    account: { times: 30, seconds: hour },
    device: { times: 30, seconds: hour },
  },
  totp_tried: {
    ip: { times: 600, seconds: hour },
    account: { times: 10, seconds: 15 * minute },
  },
  recovery_tried: {
    ip: { times: 200, seconds: hour },
    account: { times: 5, seconds: hour },
  },
  // Both, right or wrong: nothing gives it back. Without it, patience would find the six digits of an application.
  second_factor_tried: {
    ip: { times: 600, seconds: hour },
    account: { times: 50, seconds: 24 * hour },
  },
  passkey_tried: {
    ip: { times: 600, seconds: 5 * minute },
    account: { times: 30, seconds: 15 * minute },
    device: { times: 30, seconds: 15 * minute },
  },
  // Each is an entry of the record and a mail to every address.
  account_changed: {
    ip: { times: 200, seconds: hour },
    account: { times: 20, seconds: hour },
  },
  join_asked: {
    ip: { times: 100, seconds: hour },
    account: { times: 10, seconds: hour },
  },
  official_code_sent: {
    ip: { times: 50, seconds: hour },
    address: { times: 6, seconds: hour, here: true },
    address_anywhere: { times: 20, seconds: hour },
    account: { times: 5, seconds: 24 * hour },
  },
  domain_checked: {
    ip: { times: 100, seconds: hour },
    account: { times: 20, seconds: hour },
  },
  // By client id: every process reads again what a tool has changed.
  client_changed: {
    ip: { times: 200, seconds: hour },
    account: { times: 60, seconds: hour },
  },
} as const satisfies LimitTable;
