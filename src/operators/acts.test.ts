import { describe, expect, it, test } from 'vitest';
import type { Request } from '../registrations/registrations.ts';
import { actForm, actForms } from './act-forms.ts';
import { readAct } from './acts.ts';
import { actions } from './roles.ts';

const today = '2026-11-22';
const read = (slug: string, fields: Readonly<Record<string, string>>, agreementEndsOn?: string) => {
  const form = actForm(slug);
  if (form === undefined) throw new Error(`no act ${slug}`);
  return readAct(form, new URLSearchParams(fields), { today, agreementEndsOn });
};
const approval = {
  service: 'docs',
  niveau: 'guest',
  fondement: 'members_all_public_law',
  conditions: 'Une charte signée.\r\n\r\n  Un référent nommé. ',
  du: '2026-11-22',
  au: '2028-12-31',
  texte: ' L’association réunit toutes les communes.\r\nElle le prouve. ',
};

describe('the acts of the console', () => {
  it('have one address each, an action of the table of roles, and a letter shown wherever one is sent', () => {
    expect(new Set(actForms.map(({ slug }) => slug)).size).toBe(actForms.length);
    for (const { action } of actForms) expect(Object.keys(actions)).toContain(action);
    expect(actForms.filter(({ previewed }) => !previewed).map(({ act }) => act)).toEqual([
      'take',
      'release',
      'note',
      'check_evidence',
      'see_changes',
      'decline',
    ]);
  });

  it('what came by post has the day on which it came', () => {
    const typed = { service: 'docs', texte: ' Nous contestons. ', recu: '2026-11-20' };
    expect(read('recours-recu', typed)).toEqual({
      kind: 'act',
      act: { act: 'appeal', service: 'docs', text: 'Nous contestons.', receivedOn: '2026-11-20' },
    });
    const wrong = (recu: string) => read('observations', { ...typed, recu });
    for (const [recu, code] of [
      ['', 'missing'],
      ['le 20', 'invalid'],
      ['2026-11-23', 'future'],
    ] as const)
      expect(wrong(recu)).toEqual({ kind: 'problems', problems: [{ field: 'recu', code }] });
    expect(read('transmettre', { autorite: ' Une direction\r\n1 rue X ' })).toEqual({
      kind: 'act',
      act: { act: 'transfer', to: 'Une direction\n1 rue X' },
    });
  });

  it('what was seen of the register is what the page showed; a form that was made up shows nothing', () => {
    const findings = [{ service: 'docs', reason: 'renamed', detail: 'A\n→ B' }];
    const seen = (constats: string) => read('marquer-vu', { texte: ' Même association. ', constats });
    expect(seen(JSON.stringify(findings))).toEqual({
      kind: 'act',
      act: { act: 'see_changes', text: 'Même association.', findings },
    });
    for (const constats of [
      '',
      '{',
      '"x"',
      '[{"service":"docs"}]',
      '[{"service":"docs","reason":"x","detail":"y"}]',
    ])
      expect(seen(constats)).toMatchObject({ kind: 'act', act: { findings: [] } });
    expect(read('marquer-vu', { texte: ' ', constats: '[]' })).toEqual({
      kind: 'problems',
      problems: [{ field: 'texte', code: 'missing' }],
    });
  });

  it('a right that is given up on paper closes today or later, and before it ends anyway', () => {
    const form = actForm('renonciation');
    if (form === undefined) throw new Error('no form');
    const on = (cesse: string, texte = '') => {
      const sent = new URLSearchParams({ service: 'docs', recu: '2026-11-20', cesse, texte });
      const granted = { as: 'approved', on: '2026-11-01', text: '' } as const;
      const days = { startsOn: '2026-11-01', endsOn: '2027-12-31' };
      const held: Request = {
        service: 'docs',
        state: 'approved',
        granted,
        terms: { level: 'member', ground: 'operator_doctrine', conditions: [], ...days },
        reminded: [],
      };
      return readAct(form, sent, { today, requests: [held] });
    };
    expect(on('2026-11-22')).toEqual({
      kind: 'act',
      act: {
        act: 'propose',
        service: 'docs',
        proposal: { decision: 'renounce', from: '2026-11-22', text: '', receivedOn: '2026-11-20' },
      },
    });
    for (const [cesse, code] of [
      ['', 'missing'],
      ['demain', 'invalid'],
      ['2026-11-21', 'past'],
      ['2028-01-01', 'over'],
    ] as const)
      expect(on(cesse)).toEqual({ kind: 'problems', problems: [{ field: 'cesse', code }] });
  });

  it('ask for a recent sign-in as soon as they decide something, or write down the words of the organization', () => {
    for (const form of actForms) {
      const records = ['answer_notice', 'appeal'].includes(form.act);
      expect([form.slug, form.sensitive]).toEqual([form.slug, records || /decide|confirm/.test(form.action)]);
    }
  });

  test('an approval is read as it was typed', () => {
    expect(read('agreer', approval)).toEqual({
      kind: 'act',
      act: {
        act: 'approve',
        service: 'docs',
        terms: {
          level: 'guest',
          ground: 'members_all_public_law',
          conditions: ['Une charte signée.', 'Un référent nommé.'],
          startsOn: '2026-11-22',
          endsOn: '2028-12-31',
        },
        text: 'L’association réunit toutes les communes.\nElle le prouve.',
      },
    });
  });

  test('a refusal cites the usual rule of its motive, unless another one is written', () => {
    const fields = { service: 'docs', motif: 'fraud', texte: 'Les statuts sont faux.' };
    expect(read('refuser', fields)).toMatchObject({
      act: { proposal: { decision: 'refuse', rule: expect.stringContaining('L. 241-2') as unknown } },
    });
    expect(read('refuser', { ...fields, regle: 'Article 7' })).toMatchObject({
      act: { proposal: { rule: 'Article 7' } },
    });
  });

  test.each([
    ['agreer', { ...approval, texte: ' ' }, 'texte', 'missing'],
    ['agreer', { ...approval, niveau: 'admin' }, 'niveau', 'invalid'],
    ['agreer', { ...approval, fondement: '' }, 'fondement', 'missing'],
    ['agreer', { ...approval, au: '2026-02-30' }, 'au', 'invalid'],
    ['agreer', { ...approval, du: '2026-11-21' }, 'du', 'past'],
    ['agreer', { ...approval, au: '2026-11-21' }, 'au', 'order'],
    ['agreer', { ...approval, texte: 'x'.repeat(10_001) }, 'texte', 'long'],
    ['refuser', { service: 'docs', motif: 'because', texte: 'x' }, 'motif', 'invalid'],
    ['refuser', { service: 'docs', texte: 'x' }, 'motif', 'missing'],
    ['retirer', { service: 'docs', motif: 'fraud', texte: 'x' }, 'cause', 'missing'],
    ['prevenir', { service: 'docs', motif: 'fraud', texte: 'x', jours: '0' }, 'jours', 'invalid'],
    ['prevenir', { service: 'docs', motif: 'fraud', texte: 'x', jours: 'bientôt' }, 'jours', 'invalid'],
    ['demander', { texte: '', pieces: 'statutes' }, 'texte', 'missing'],
    ['demander', { texte: 'x', pieces: 'passport' }, 'pieces', 'invalid'],
    ['recours', { service: 'docs', issue: 'reversed', texte: 'x', regle: 'x' }, 'niveau', 'missing'],
    ['noter', {}, 'texte', 'missing'],
  ])('%s: what is wrong is said beside its field', (slug, fields, field, code) => {
    const found = read(slug, fields);
    expect(found.kind === 'problems' ? found.problems[0] : found).toEqual({ field, code });
  });

  test('everything that is wrong is said in one round, the days included', () => {
    const found = read('agreer', {
      ...approval,
      fondement: '',
      texte: '',
      du: '2026-11-21',
      au: '2026-11-20',
    });
    expect(found).toEqual({
      kind: 'problems',
      problems: [
        { field: 'fondement', code: 'missing' },
        { field: 'du', code: 'past' },
        { field: 'au', code: 'order' },
        { field: 'texte', code: 'missing' },
      ],
    });
  });

  test('an act that no form offers does not exist', () => {
    for (const slug of ['submit', 'silence', 'expire', 'close', 'propose', '', 'constructor', null])
      expect(actForm(slug)).toBeUndefined();
  });
});

describe('the end of a right', () => {
  const endingOn = (au: string, agreement?: string) => {
    const found = read('agreer', { ...approval, au }, agreement);
    return found.kind === 'problems' ? found.problems : [];
  };
  test('is five years after its beginning at most', () => {
    expect(endingOn('2031-11-22')).toEqual([]);
    expect(endingOn('2031-11-23')).toEqual([{ field: 'au', code: 'far' }]);
  });
  test('is not after the end of the agreement that it rests on', () => {
    expect(endingOn('2028-12-31', '2028-12-31')).toEqual([]);
    expect(endingOn('2028-12-31', '2028-12-30')).toEqual([{ field: 'au', code: 'agreement' }]);
  });
});
