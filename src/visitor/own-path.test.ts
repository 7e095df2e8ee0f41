import { expect, test } from 'vitest';
import { ownPath } from './own-path.ts';

const issuer = 'https://maillon.example/api/v2';

test.each([
  ['/api/v2/demandes', '/api/v2/demandes'],
  ['/api/v2/operateur?page=2&q=a%20b', '/api/v2/operateur?page=2&q=a%20b'],
  ['/api/v2/', '/api/v2/'],
  ['/api/v2/demandes#part', '/api/v2/demandes'],
  ['/api/v2/a/../demandes', '/api/v2/demandes'],
  ['/api/v2/%2f%2felsewhere.example', '/api/v2/%2f%2felsewhere.example'],
  ['/api/v2/demandes?vers=https://elsewhere.example', '/api/v2/demandes?vers=https://elsewhere.example'],
])('%s is ours', (written, expected) => {
  expect(ownPath(written, issuer)).toBe(expected);
});

test.each([
  [undefined],
  [''],
  ['demandes'],
  ['https://elsewhere.example/'],
  ['//elsewhere.example/'],
  ['//elsewhere.example/api/v2/demandes'],
  ['///elsewhere.example'],
  ['/\\elsewhere.example'],
  ['/api/v2/\\elsewhere.example'],
  ['\\\\elsewhere.example'],
  ['javascript:alert(1)'],
  ['/api/v2/../../elsewhere'],
  ['/api/v2/..//elsewhere.example'],
  ['/api/v2/a/%2e%2e//elsewhere.example'],
  ['/api/v2//elsewhere.example'],
  ['/api/v2'],
  ['/api/v2elsewhere'],
  ['/demandes'],
  ['/API/V2/demandes'],
  ['/api/v2/demandes\r\nSet-Cookie: a=b'],
  ['/api/v2/demandes\nx'],
  ['/api/v2/\tdemandes'],
  ['/\t/elsewhere.example'],
  [' /api/v2/demandes'],
  ['/api/v2/demandes '],
  ['/api/v2/dem\u0000andes'],
  ['/api/v2/démarches'],
  ['/api/v2/entrer'],
  ['/api/v2/entrer?vers=/api/v2/entrer'],
  ['/api/v2/entrer/retour?error=x'],
  ['/api/v2/x/../entrer'],
  [`/api/v2/${'a'.repeat(2000)}`],
])('%j is not', (written) => {
  expect(ownPath(written, issuer)).toBeUndefined();
});

test('with an issuer at the root', () => {
  expect(ownPath('/demandes', 'http://localhost:3000')).toBe('/demandes');
  expect(ownPath('/', 'http://localhost:3000')).toBe('/');
  expect(ownPath('//localhost:3000/demandes', 'http://localhost:3000')).toBeUndefined();
  expect(ownPath('/..//elsewhere.example', 'http://localhost:3000')).toBeUndefined();
});
