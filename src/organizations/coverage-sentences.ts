import type { CoverageReport, Share } from './coverage.ts';
import { departmentByCode } from './territory-divisions.ts';

const NO_BREAK = '\u00a0';
const number = new Intl.NumberFormat('fr-FR');
const count = (value: number, one: string, many: string): string =>
  `${number.format(value)}${NO_BREAK}${value < 2 ? one : many}`;

/** Never 100 % unless all are there, never 0 % unless none is. */
function percent({ covered, total }: Share<unknown>): string {
  const floored = total === 0 ? 0 : Math.floor((covered * 100) / total);
  const shown = floored === 0 && covered > 0 ? `moins de 1` : String(floored);
  return `${shown}${NO_BREAK}%`;
}

/** French, for the file of an association: what its list of members shows, in sentences that stand alone. */
export function coverageSentences(report: CoverageReport): readonly string[] {
  return [
    membersSentence(report),
    ...(report.department === undefined ? [] : shareSentences(report.department)),
  ];
}

function membersSentence({ allPublicLaw, listed, exceptions }: CoverageReport): string {
  if (listed === 0) return 'La liste ne nomme aucun membre.';
  if (allPublicLaw === 'yes') {
    return listed === 1
      ? 'Le seul membre est une personne morale de droit public.'
      : `Les ${count(listed, 'membre', 'membres')} sont tous des personnes morales de droit public.`;
  }
  const members = count(listed, 'membre', 'membres');
  if (allPublicLaw === 'no') {
    const others = exceptions.filter(({ reason }) => reason === 'not_public_law').length;
    return others === 1
      ? `Sur ${members}, 1 n’est pas une personne morale de droit public.`
      : `Sur ${members}, ${number.format(others)} ne sont pas des personnes morales de droit public.`;
  }
  return `Sur ${members}, ${count(exceptions.length, 'reste', 'restent')} à vérifier${NO_BREAK}: il n’est pas établi que tous sont des personnes morales de droit public.`;
}

function shareSentences({
  code,
  communes,
  epcis,
}: NonNullable<CoverageReport['department']>): readonly string[] {
  const name = departmentByCode(code)?.ofName ?? `de code ${code}`;
  return [
    `Les membres couvrent ${percent(communes)} des communes du département ${code} (${departmentByCode(code)?.name ?? code})${NO_BREAK}: ${number.format(communes.covered)} sur ${number.format(communes.total)}.`,
    `Les membres comptent ${number.format(epcis.covered)} des ${count(epcis.total, 'communauté ou métropole présente', 'communautés et métropoles présentes')} dans le département ${name}.`,
  ];
}
