import type { Motive } from './act.ts';

export interface MotiveText {
  readonly fr: string;
  readonly en: string;
  /** What it usually rests on; who decides may write another rule, never none (CRPA art. L211-5). In French, as it is sent. */
  readonly rule: string;
}

const code = 'Code des relations entre le public et l’administration';

/** What an unfavourable decision rests on: the sentence that begins its reasons, before the facts of the file. */
export const motiveTexts: Readonly<Record<Motive, MotiveText>> = {
  no_public_mission: {
    fr: 'L’organisation n’exerce pas de mission de service public qui ouvre droit à ce service.',
    en: 'The organization has no public-service mission that gives a right to this service.',
    rule: `${code}, article L. 100-3 ; Conseil d’État, 22 février 2007, n° 264541`,
  },
  members_not_public: {
    fr: 'Les membres de l’organisation ne sont pas tous des personnes publiques.',
    en: 'Not every member of the organization is a public body.',
    rule: 'Conditions d’accès au service : composition de l’organisation',
  },
  mandate_not_proven: {
    fr: 'Le dossier ne prouve pas que la personne qui a fait la demande peut agir pour l’organisation.',
    en: 'The file does not prove that the person who applied may act for the organization.',
    rule: 'Conditions d’accès au service : mandat du représentant de l’organisation',
  },
  incomplete_file: {
    fr: 'Les pièces indispensables qui ont été demandées n’ont pas été fournies dans le délai.',
    en: 'The essential documents that were asked for were not supplied in time.',
    rule: `${code}, article L. 114-5`,
  },
  organization_not_active: {
    fr: 'D’après les registres officiels, l’organisation a cessé son activité.',
    en: 'According to the official registers, the organization has ceased its activity.',
    rule: 'Conditions d’accès au service : existence de l’organisation ; code de commerce, article R. 123-220',
  },
  purpose_outside_service: {
    fr: 'L’usage prévu n’est pas celui pour lequel le service est proposé.',
    en: 'The intended use is not the one for which the service is offered.',
    rule: 'Conditions d’accès au service : usages prévus',
  },
  security_conditions: {
    fr: 'Les conditions de sécurité que le service exige ne sont pas réunies.',
    en: 'The security conditions that the service demands are not met.',
    rule: 'Conditions d’accès au service : sécurité ; règlement (UE) 2016/679, article 32',
  },
  condition_no_longer_met: {
    fr: 'Une condition à laquelle l’accès avait été accordé n’est plus remplie.',
    en: 'A condition on which access was granted is not met any more.',
    rule: `${code}, article L. 242-2, 1°`,
  },
  terms_of_use_breached: {
    fr: 'Les conditions d’utilisation du service n’ont pas été respectées.',
    en: 'The terms of use of the service were not respected.',
    rule: `Conditions d’utilisation du service ; ${code.toLowerCase()}, article L. 242-2, 1°`,
  },
  security_incident: {
    fr: 'Un incident de sécurité oblige à protéger le service et ses utilisateurs.',
    en: 'A security incident makes it necessary to protect the service and its users.',
    // The urgency that spares a hearing (art. L121-2) is no reason to suspend: the letter says it where it is used.
    rule: 'Conditions d’utilisation du service : sécurité ; règlement (UE) 2016/679, article 32',
  },
  decision_illegal: {
    fr: 'La décision qui avait accordé l’accès était illégale.',
    en: 'The decision that granted access was illegal.',
    rule: `${code}, article L. 242-1`,
  },
  fraud: {
    fr: 'L’accès a été obtenu par fraude.',
    en: 'Access was obtained by fraud.',
    rule: `${code}, article L. 241-2`,
  },
  other: {
    fr: 'Une autre raison est exposée ci-dessous.',
    en: 'Another reason is set out below.',
    rule: 'Conditions d’accès au service',
  },
};
