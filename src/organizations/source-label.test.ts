import { expect, it } from 'vitest';
import { publicSourceLabel, sourceLabel } from './source-label.ts';
import { sources } from './statement.ts';

it.each([...sources])('%s is named to the public without an acronym', (source) => {
  // « API Entreprise » is a name.
  expect(publicSourceLabel(sourceLabel(source)).replace('API Entreprise', '')).not.toMatch(/[A-Z]{2}/);
});

it('writes the name in full wherever it stands, and leaves the rest', () => {
  expect(publicSourceLabel('DINUM, API Entreprise, données de l’INSEE (accès réservé)')).toBe(
    'Direction interministérielle du numérique, API Entreprise, données de l’Institut national de la statistique et des études économiques (accès réservé)',
  );
  expect(publicSourceLabel('fichier INSEEDINUM')).toBe('fichier INSEEDINUM');
});
