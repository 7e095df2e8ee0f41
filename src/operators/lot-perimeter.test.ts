import { expect, test } from 'vitest';
import { boundsOf } from './lot-route.ts';

test('whoever decides on some services brings nobody to the register, where it counts for all of them', () => {
  const place = { department: '57', organizations: ['000007054'] };
  const entering = { ...place, enters: true };
  const docs = boundsOf({ perimeter: { services: ['docs'] } });
  expect([docs(place, 'docs'), docs(entering, 'docs')]).toEqual([true, false]);
  const moselle = boundsOf({ perimeter: { departments: ['57'] } });
  expect([moselle(entering, 'docs'), moselle({ ...entering, department: '56' }, 'docs')]).toEqual([
    true,
    false,
  ]);
  expect(boundsOf({})(entering, 'docs')).toBe(true);
});
