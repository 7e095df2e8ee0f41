import { describe, expect, test } from 'vitest';
import type { RegistrationFile } from '../registrations/registrations.ts';
import {
  after,
  alice,
  applicant,
  bob,
  clock,
  empty,
  reasons,
  refusal,
  said,
  terms,
} from '../registrations/testing/people.ts';
import { actionsOf } from './file-acts.ts';
import { addresses } from './addresses.ts';
import { problemsOf } from './renounce.ts';
import { says } from './says.ts';
import { wordsOf } from './timeline.ts';
import { dayTyped } from './typed-day.ts';

const submit = said('2026-12-01', applicant, { act: 'submit', content: {}, services: ['docs'] });
const take = said('2026-12-02', alice, { act: 'take' });
const propose = said('2026-12-03', alice, {
  act: 'propose',
  service: 'docs',
  proposal: { decision: 'refuse', ...reasons },
});
const confirm = said('2026-12-04', bob, { act: 'confirm', service: 'docs' });
const ask = said('2026-12-03', alice, {
  act: 'ask_pieces',
  pieces: ['statutes'],
  text: 'Les statuts.',
  days: 15,
  blocking: true,
});
const silence = said('2027-02-02', clock, { act: 'silence', service: 'docs', means: 'refusal' });

const renouncing = (from: string) => ({ act: 'renounce', service: 'docs', from, text: '' }) as const;

const told = (file: RegistrationFile, today: string, circumstances = refusal) =>
  file.requests.flatMap((request) => says(file, request, circumstances, today));
const acts = (file: RegistrationFile, day: string) =>
  actionsOf({ file, circumstances: refusal }, applicant, new Date(`${day}T11:00:00Z`), addresses('')).map(
    ({ act, href }) => [act, href],
  );

describe('the page of a file says', () => {
  test('until when the answer comes, and what silence means', () => {
    const file = after(empty, [submit]);
    expect(told(file, '2026-12-01')).toEqual([
      { words: 'examined' },
      { words: 'silence_refusal', endsOn: '2027-02-01' },
    ]);
    expect(told(file, '2026-12-01', { ...refusal, silence: 'acceptance' }).at(-1)?.words).toBe(
      'silence_acceptance',
    );
    expect(acts(file, '2026-12-01')).toEqual([['withdraw_request', '/demandes/D-26-7K3QXWPB/retirer']]);
  });

  test('who answers once it was passed on, and what silence means there', () => {
    const to = 'Préfecture du Morbihan\n56000 Vannes';
    const file = after(empty, [submit, take, said('2026-12-03', alice, { act: 'transfer', to })]);
    expect(told(file, '2026-12-04')).toEqual([
      { words: 'transferred', text: to },
      { words: 'transferred_refusal', endsOn: '2027-02-01' },
    ]);
    expect(told(after(file, [silence]), '2027-02-03').map(({ words }) => words)).not.toContain('transferred');
  });

  test('what is asked, and until when', () => {
    const file = after(empty, [submit, take, ask]);
    expect(told(file, '2026-12-04').at(0)).toEqual({ words: 'info_requested', endsOn: '2026-12-18' });
    expect(acts(file, '2026-12-04').map(([act]) => act)).toEqual(['supply', 'withdraw_request']);
  });

  test('why a request is refused, and until when to appeal; not after', () => {
    const file = after(empty, [submit, take, propose, confirm]);
    expect(told(file, '2027-02-05')).toEqual([
      { words: 'reason', text: 'Les faits.' },
      { words: 'appeal_until', endsOn: '2027-02-05' },
    ]);
    expect(acts(file, '2027-02-05')).toEqual([['appeal', '/demandes/D-26-7K3QXWPB/recours/docs']]);
    expect(told(file, '2027-02-06').at(-1)).toEqual({ words: 'appeal_over', endsOn: '2027-02-05' });
    expect(acts(file, '2027-02-06')).toEqual([]);
    // A letter that was read later opens the time later (CJA art. R421-1).
    const read = { ...refusal, notifiedOn: { docs: '2026-12-20' } };
    expect(told(file, '2027-02-06', read).at(-1)?.words).toBe('appeal_until');
  });

  test('that nobody answered, and that the reasons can be asked for', () => {
    const file = after(empty, [submit, silence]);
    expect(told(file, '2027-02-03').map(({ words }) => words)).toEqual(['motives_can', 'appeal_until']);
    const asked = after(file, [said('2027-02-03', applicant, { act: 'ask_motives', service: 'docs' })]);
    expect(told(asked, '2027-02-04')).toEqual([
      { words: 'motives_awaited', endsOn: '2027-03-03' },
      { words: 'appeal_later' },
    ]);
  });

  test('that an approval opens nothing yet for an association without a SIREN', () => {
    const approve = said('2026-12-03', alice, { act: 'approve', service: 'docs', terms, text: 'Oui.' });
    const file = after(empty, [submit, take, approve]);
    const words = told(file, '2026-12-15', { ...refusal, organizationSiren: undefined }).map(
      (one) => one.words,
    );
    expect(words).toEqual(['no_siren', 'level_member', 'until']);
    expect(told(file, '2026-12-15').map((one) => one.words)).not.toContain('no_siren');
  });

  test('what an approval gives, from when, until when, on what conditions', () => {
    const granted = { ...terms, conditions: ['Prévenir de tout changement de dirigeant.'] };
    const approve = said('2026-12-03', alice, {
      act: 'approve',
      service: 'docs',
      terms: granted,
      text: 'Oui.',
    });
    expect(told(after(empty, [submit, take, approve]), '2026-12-04')).toEqual([
      { words: 'level_member' },
      { words: 'starts', endsOn: '2026-12-15' },
      { words: 'until', endsOn: '2027-12-31' },
      { words: 'condition', text: 'Prévenir de tout changement de dirigeant.' },
    ]);
  });

  test('from when a right is given up; that it can be, and then asked for anew', () => {
    const approve = said('2026-12-03', alice, { act: 'approve', service: 'docs', terms, text: 'Oui.' });
    const held = after(empty, [submit, take, approve]);
    const giveUp = (from: string) => said('2027-02-01', applicant, renouncing(from));
    expect(acts(held, '2027-02-01')).toEqual([['renounce', '/demandes/D-26-7K3QXWPB/renoncer/docs']]);
    const later = after(held, [giveUp('2027-11-01')]);
    expect(told(later, '2027-02-01').map(({ words, endsOn }) => [words, endsOn])).toEqual([
      ['level_member', undefined],
      ['until', '2027-10-31'],
      ['renounced_from', '2027-11-01'],
    ]);
    const now = after(held, [giveUp('2027-02-01')]);
    expect(told(now, '2027-02-01')).toEqual([{ words: 'renounced', endsOn: '2027-02-01' }]);
    expect(acts(now, '2027-02-01')).toEqual([]);
  });
});

test.each([
  ['', 'from_missing'],
  ['30/02/2027', 'from_day_shape'],
  ['demain', 'from_day_shape'],
  ['2027', 'from_day_shape'],
  ['31/01/2027', 'from_past'],
  ['01/01/2028', 'from_over'],
])('a right is not given up from “%s”', (typed, words) => {
  const days = { today: '2027-02-01', endsOn: '2027-12-31' };
  expect(problemsOf(dayTyped(typed), '', days)).toMatchObject([{ field: 'from', words }]);
  // The page writes the day as it writes every other.
  if (words === 'from_over')
    expect(problemsOf(dayTyped(typed), '', days)).toMatchObject([{ about: '2027-12-31' }]);
  expect(problemsOf('2027-02-01', '', days)).toEqual([]);
  expect(problemsOf('2027-12-31', 'x'.repeat(10_001), days)).toMatchObject([{ field: 'text' }]);
});

describe('the history', () => {
  const file = after(empty, [submit, take, propose, confirm]);
  const words = (of: RegistrationFile, letters: Parameters<typeof wordsOf>[2] = []) =>
    of.events.map((event, index) => wordsOf(event, of.events.slice(0, index), letters)).at(-1);

  test('calls a decision what its letter says that it is', () => {
    expect(words(file, [{ seq: 4, kind: 'refusal' }])).toBe('confirm_refusal');
    expect(words(file)).toBe('confirm');
  });

  test('knows the silence about an appeal from the silence about a request', () => {
    const refused = after(empty, [submit, silence]);
    expect(words(refused)).toBe('silence_refusal');
    const appealed = after(refused, [
      said('2027-02-10', applicant, { act: 'appeal', service: 'docs', text: 'Non.' }),
      said('2027-04-11', clock, { act: 'silence', service: 'docs', means: 'refusal' }),
    ]);
    expect(words(appealed)).toBe('silence_appeal');
  });
});
