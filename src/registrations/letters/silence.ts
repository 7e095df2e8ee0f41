import { crpa, day } from './words.ts';

type Silence = 'refusal' | 'acceptance';

/** Whether silence is a refusal or an acceptance, and from which day (CRPA art. R112-5, L231-1, L231-4). */
export const silenceRule = (silence: Silence, on: string): string =>
  silence === 'refusal'
    ? `Cette demande peut donner lieu à une décision implicite de rejet. Sans réponse écrite, elle sera réputée rejetée à l’issue de la journée du ${day(on)} (2° de l’article L. 231-4 du ${crpa}).`
    : `Cette demande peut donner lieu à une décision implicite d’acceptation. Sans réponse écrite, elle sera réputée acceptée à l’issue de la journée du ${day(on)} (article L. 231-1 du ${crpa}).`;

/** What a request for missing pieces does to that day (CRPA art. L114-5). */
export const followedSilence = (silence: Silence): string =>
  silence === 'refusal'
    ? `Si des pièces indispensables vous sont demandées, cette date est reportée : le délai est suspendu pendant le temps qui vous est donné pour les fournir, ou jusqu’à ce qu’elles soient reçues (article L. 114-5 du ${crpa}).`
    : `Si des pièces indispensables vous sont demandées, cette date est reportée : le délai ne court qu’à compter de leur réception (article L. 114-5 du ${crpa}).`;

/** The motives of a silent refusal, and what asking for them does to the time to go to court (CRPA art. L232-4). */
export const motivesOnRequest = `vous pouvez en demander les motifs avant la fin du délai pour saisir le tribunal. Ils vous sont communiqués dans le mois, et ce délai est prolongé jusqu’à deux mois après leur communication (article L. 232-4 du ${crpa}).`;
