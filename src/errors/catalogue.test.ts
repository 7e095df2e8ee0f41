import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { errorsDocument } from '../../scripts/errors-doc.ts';
import { catalogue } from './errors.ts';

const entries = Object.entries(catalogue);

describe('the catalogue', () => {
  test.each(entries)('%s speaks in both languages, and says what to do', (_code, entry) => {
    for (const text of [entry.fr, entry.en]) {
      expect(text.title.length).toBeGreaterThan(5);
      expect(text.title.length).toBeLessThanOrEqual(75);
      expect(text.title).not.toMatch(/[.!]$/);
      expect(text.why).toMatch(/[.]$|@ma-commune\.fr$|@my-town\.fr$/);
      expect(text.todo.length).toBeGreaterThan(0);
      for (const step of text.todo) expect(step).toMatch(/[.]$/);
    }
    expect(entry.fr.todo).toHaveLength(entry.en.todo.length);
    expect(entry.hint.length).toBeGreaterThan(10);
    expect(entry.status).toBeGreaterThanOrEqual(400);
  });

  test('codes look like M-ELIG-004, in order and without a gap in each family', () => {
    const seen = new Map<string, number>();
    for (const [code] of entries) {
      const [, family = '', number = ''] = /^M-([A-Z]{4})-(\d{3})$/.exec(code) ?? [];
      const last = seen.get(family) ?? 0;
      // In this family each subject begins at a ten of its own.
      if (family === 'FILE' && Number(number) % 10 === 0) expect(Number(number)).toBeGreaterThan(last);
      // In this one each subject was given a range, and did not need all of it.
      else if (family === 'UPST') expect(Number(number)).toBeGreaterThan(last);
      else expect(Number(number)).toBe(last + 1);
      seen.set(family, Number(number));
    }
    expect(Object.fromEntries(seen)).toEqual({
      CONF: 3,
      STOR: 4,
      HTTP: 5,
      KEYS: 1,
      OIDC: 6,
      ROUT: 5,
      UPST: 46,
      ELIG: 25,
      ACCT: 6,
      IMPT: 10,
      REGI: 8,
      POLI: 9,
      GUES: 4,
      DATA: 6,
      BULK: 11,
      MEMB: 6,
      JOIN: 10,
      DOMN: 4,
      LIMI: 1,
      OPER: 11,
      FILE: 80,
      PART: 23,
    });
  });

  test('each refusal names its reason code first (domain reference §5.3)', () => {
    const reasons = entries
      .filter(([code]) => code.startsWith('M-ELIG'))
      .map(([, entry]) => entry.hint.split(':')[0]);
    expect(reasons).toEqual([
      'organization_unknown',
      'organization_closed',
      'organization_suspended',
      'organization_not_found_in_registry',
      'registry_unavailable_stale',
      'legal_category_unknown',
      'not_eligible',
      'population_too_large',
      'population_unknown',
      'department_out_of_scope',
      'approval_missing',
      'service_not_covered',
      'approval_pending',
      'approval_refused',
      'approval_expired',
      'approval_suspended',
      'guest_expired',
      'guest_not_invited',
      'service_excludes_guests',
      'membership_not_verified',
      'email_domain_not_allowed',
      'acr_insufficient',
      'idp_not_allowed',
      'session_too_old',
      'policy_missing',
    ]);
  });
});

test('docs/errors.md has every code, whatever its family', () => {
  const document = errorsDocument();
  for (const [code] of entries) expect(document).toContain(`### ${code}\n`);
});

test('docs/errors.md is up to date (node scripts/errors-doc.ts)', () => {
  expect(readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')).toBe(errorsDocument());
});
