import type { LimitTable } from '../../src/limits/limits.ts';

const often = { ip: { times: 1_000_000_000, seconds: 3600 } };

/** Counts as the real table does, by network, and stops nobody: all people of a test share one network. */
export const noLimits: LimitTable = {
  email_typed: often,
  code_sent: often,
  code_tried: often,
  totp_tried: often,
  recovery_tried: often,
  second_factor_tried: often,
  passkey_tried: often,
  account_changed: often,
  upstream_started: often,
  join_asked: often,
  official_code_sent: often,
  domain_checked: often,
  client_changed: often,
};
