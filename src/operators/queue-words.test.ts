import { describe, expect, it, test } from 'vitest';
import { queueKeys, readQueueWords, stateWords } from './queue-words.ts';

const services = ['docs', 'tchap'];
const read = (text: string) => readQueueWords(text, services);
const wanted = (text: string) => {
  const found = read(text);
  expect(found.problems).toEqual([]);
  return found.wanted;
};

describe('what an operator types above the queue', () => {
  test.each([
    ['', {}],
    ['   ', {}],
    ['type:association', { type: 'association' }],
    ['type:association.declared', { type: 'association.declared' }],
    ['type:"Établissement public"', { type: 'public_establishment' }],
    ['TYPE:Association', { type: 'association' }],
    ['service:tchap', { service: 'tchap' }],
    ['departement:56', { department: '56' }],
    ['département:2a', { department: '2A' }],
    ['etat:examen', { state: 'under_review' }],
    ['état:"Refus tacite"', { state: 'implicitly_refused' }],
    ['etape:decide', { stage: 'decided' }],
    ['suivi:moi', { taken: 'me' }],
    ['suivi:personne', { taken: 'nobody' }],
    ['objectif:dépassé', { beyondTarget: true }],
    ['objectif:tenu', { beyondTarget: false }],
    ['retard:oui', { overdue: true }],
    ['retard:non', { overdue: false }],
    ['-retard:oui', { overdue: false }],
    ['-retard:non', { overdue: true }],
    ['expire:oui accord:oui revoir:oui', { expiring: true, proposed: true, review: true }],
    ['poster:oui -revoir:oui', { toPost: true, review: false }],
    ['amd fictif', { text: 'amd fictif' }],
    ['"maires du  Morbihan" type:association', { text: 'maires du  Morbihan', type: 'association' }],
    ['retard:oui D-26-7K3QXWPB', { overdue: true, text: 'D-26-7K3QXWPB' }],
    ['comité-des-fêtes', { text: 'comité-des-fêtes' }],
    ['type:association type:association', { type: 'association' }],
  ])('%s', (text, expected) => {
    expect(wanted(text)).toEqual(expected);
  });

  it('takes away what a minus names, several times', () => {
    expect(read('-service:tchap -type:association -departement:56 -etat:refuse -etat:clos')).toEqual({
      wanted: {},
      unwanted: {
        services: ['tchap'],
        types: ['association'],
        departments: ['56'],
        states: ['refused', 'closed'],
      },
      problems: [],
    });
  });

  test.each([
    ['typ:association', 'key', 'typ', 'type'],
    ['is:pending', 'key', 'is', 'service'],
    ['constructor:x', 'key', 'constructor', 'type'],
    ['type:licorne', 'value', 'type:licorne', 'association'],
    ['type:toString', 'value', 'type:toString', 'association'],
    ['service:visio', 'value', 'service:visio', 'docs'],
    ['departement:99', 'value', 'departement:99', '56'],
    ['etat:pending', 'value', 'etat:pending', 'examen'],
    ['retard:peut-être', 'value', 'retard:peut-être', 'oui'],
    ['type:', 'empty', 'type:', 'association'],
    ['suivi:moi suivi:personne', 'twice', 'suivi:personne', undefined],
    ['type:"association', 'quote', 'type:"association', undefined],
    ['-amd', 'negation', '-amd', 'type'],
    ['objectif:oui', 'value', 'objectif:oui', 'depasse'],
    ['-objectif:tenu', 'negation', '-objectif:tenu', 'type'],
    ['-suivi:moi', 'negation', '-suivi:moi', 'service'],
  ])('%s is answered with what would be understood', (text, kind, typed, known) => {
    const [problem] = read(text).problems;
    expect(problem).toMatchObject({ kind, typed });
    if (known !== undefined) expect(problem?.known).toContain(known);
  });

  it('reads any text, in bounded time, without a field of its own making', () => {
    for (const text of [
      '"'.repeat(400),
      '-'.repeat(5000),
      ':::',
      'a:b:c',
      '\u0000',
      '__proto__:x',
      'état:'.repeat(99),
    ]) {
      const { wanted: found } = read(text);
      expect(Object.keys(found).every((field) => field === 'text' || field in { state: 1 })).toBe(true);
    }
  });

  it('names every key once, and a state by one word only', () => {
    expect(new Set(queueKeys).size).toBe(queueKeys.length);
    expect(new Set(Object.values(stateWords)).size).toBe(Object.keys(stateWords).length);
  });
});
