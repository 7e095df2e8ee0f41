import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { limitedActs, limitsTable } from './limits.ts';
import type { Limit, LimitedAct, LimitTable } from './limits.ts';

const table: LimitTable = limitsTable;

describe('the table of docs/operating.md', () => {
  const names: Readonly<Record<LimitedAct, string>> = {
    email_typed: 'An e-mail address is typed',
    upstream_started: 'A sign-in at an identity provider begins',
    code_sent: 'A code is mailed',
    code_tried: 'A code is tried',
    totp_tried: 'A code of an application (TOTP) is tried',
    recovery_tried: 'A recovery code is tried',
    second_factor_tried: 'Either of the two, right or wrong',
    passkey_tried: 'A passkey is tried',
    account_changed: 'Own account: names, ways to sign in',
    join_asked: 'An organization is asked to be joined',
    official_code_sent: 'A code is mailed to an organization',
    domain_checked: 'The proof of a domain name is looked for',
    client_changed: 'A registered tool changes itself',
  };
  const often = (limit: Limit | undefined): string => {
    if (limit === undefined) return '';
    const long = limit.seconds < 3600 ? `${limit.seconds / 60} min` : `${limit.seconds / 3600} h`;
    return `${limit.times} in ${long}`;
  };
  const address = (act: LimitedAct): string => {
    const { address: one, address_anywhere: all } = table[act];
    const cell = `${often(one)}${one?.here === true ? ', from one network' : ''}`;
    return all === undefined ? cell : `${cell}; ${often(all)} from all`;
  };

  test('says what the limits are', () => {
    const [, section = ''] = readFileSync('docs/operating.md', 'utf8').split('\n## Limits of attempts\n');
    const [, , ...rows] = (section.split('\n## ')[0] ?? '')
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    expect(rows).toEqual(
      limitedActs.map((act) => [
        names[act],
        often(table[act].ip),
        address(act),
        often(table[act].account),
        often(table[act].device),
      ]),
    );
  });
});
