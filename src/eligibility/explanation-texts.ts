import { day } from './literal-words.ts';
import type { Basis } from './policy.ts';
import type { NextStep, ReasonCode } from './reasons.ts';
import type { Ground, Level } from './subject.ts';

export type Language = 'fr' | 'en';
type Texts<K extends string> = Readonly<Record<K, Readonly<Record<Language, string>>>>;

/** Said of an organization, by the catalogue and to operators. What the person signing in reads is in errors/. */
export const reasonTexts: Texts<ReasonCode> = {
  organization_unknown: {
    fr: 'On ne sait pas pour quelle organisation la personne agit.',
    en: 'It is not known which organization the person acts for.',
  },
  organization_closed: {
    fr: 'D’après le registre officiel, l’organisation ou son établissement est fermé.',
    en: 'According to the official register, the organization or its establishment is closed.',
  },
  organization_suspended: {
    fr: 'Tous les accès de l’organisation sont suspendus par une décision.',
    en: 'All access of the organization is suspended by a decision.',
  },
  organization_not_found_in_registry: {
    fr: 'L’organisation n’est pas dans le registre officiel dont nous disposons.',
    en: 'The organization is not in our copy of the official register.',
  },
  registry_unavailable_stale: {
    fr: 'Le registre officiel ne répond pas et nos informations sont trop anciennes.',
    en: 'The official register does not answer and our information is too old.',
  },
  legal_category_unknown: {
    fr: 'La forme juridique de l’organisation n’est pas connue.',
    en: 'The legal form of the organization is not known.',
  },
  not_eligible: {
    fr: 'Le service n’est pas ouvert à ce type d’organisation.',
    en: 'The service is not open to this type of organization.',
  },
  population_too_large: {
    fr: 'La collectivité compte trop d’habitants pour ce service.',
    en: 'The local authority has too many inhabitants for this service.',
  },
  population_unknown: {
    fr: 'Le nombre d’habitants de la collectivité n’est pas connu.',
    en: 'The number of inhabitants of the local authority is not known.',
  },
  department_out_of_scope: {
    fr: 'Le service n’est pas ouvert sur ce territoire.',
    en: 'The service is not open in this territory.',
  },
  approval_missing: {
    fr: 'L’organisation peut entrer avec un accord, et elle n’en a pas encore.',
    en: 'The organization can enter once approved, and it has no approval yet.',
  },
  service_not_covered: {
    fr: 'L’organisation a reçu un accord pour d’autres services, mais pas pour celui-ci.',
    en: 'The organization is approved for other services, but not for this one.',
  },
  approval_pending: {
    fr: 'La demande de l’organisation est en cours, ou l’accord n’a pas encore commencé.',
    en: 'The request of the organization is pending, or its approval has not started yet.',
  },
  approval_refused: {
    fr: 'La demande de l’organisation a été refusée.',
    en: 'The request of the organization was refused.',
  },
  approval_expired: {
    fr: 'L’accord donné à l’organisation est arrivé à son terme.',
    en: 'The approval of the organization has ended.',
  },
  approval_suspended: {
    fr: 'L’accord donné à l’organisation est suspendu.',
    en: 'The approval of the organization is suspended.',
  },
  guest_expired: {
    fr: 'L’invitation de la personne est terminée.',
    en: 'The invitation of the person has ended.',
  },
  guest_not_invited: {
    fr: 'Le service s’ouvre sur invitation, et la personne n’est pas invitée.',
    en: 'The service opens by invitation, and the person has none.',
  },
  service_excludes_guests: {
    fr: 'Le service n’accueille pas d’invités.',
    en: 'The service takes no guests.',
  },
  membership_not_verified: {
    fr: 'Rien ne prouve encore assez que la personne agit pour l’organisation.',
    en: 'There is not yet enough proof that the person acts for the organization.',
  },
  email_domain_not_allowed: {
    fr: 'Le service n’accepte pas les adresses électroniques de ce domaine.',
    en: 'The service does not accept e-mail addresses of this domain.',
  },
  acr_insufficient: {
    fr: 'Le service demande une connexion plus sûre.',
    en: 'The service requires a safer sign-in.',
  },
  idp_not_allowed: {
    fr: 'Le service n’accepte pas ce moyen de connexion.',
    en: 'The service does not accept this way of signing in.',
  },
  session_too_old: {
    fr: 'La connexion est trop ancienne pour ce service.',
    en: 'The sign-in is too old for this service.',
  },
  policy_missing: {
    fr: 'Les règles d’accès de ce service ne sont pas encore écrites.',
    en: 'The access rules of this service are not written yet.',
  },
};

/** Of `membership_not_verified`, when somebody took the membership away. */
export const revokedText: Readonly<Record<Language, string>> = {
  fr: 'L’organisation a indiqué que la personne n’agit plus pour elle.',
  en: 'The organization said that the person no longer acts for it.',
};

export const basisTexts: Texts<Basis> = {
  public_service: {
    fr: 'Accès ouvert : l’organisation fait partie du service public.',
    en: 'Access open: the organization belongs to the public service.',
  },
  territorial_rule: {
    fr: 'Accès ouvert : la collectivité remplit la condition de territoire ou de population.',
    en: 'Access open: the local authority meets the territory or population condition.',
  },
  approval: {
    fr: 'Accès ouvert : l’organisation a reçu un accord pour ce service.',
    en: 'Access open: the organization is approved for this service.',
  },
  invitation: { fr: 'Accès ouvert : la personne est invitée.', en: 'Access open: the person is invited.' },
  open: {
    fr: 'Accès ouvert : le service accueille toutes les organisations en activité.',
    en: 'Access open: the service is open to every active organization.',
  },
};

/** Instead of the basis, where the approval has ended and the policy lets the right go on. */
export const graceText = (
  { endedOn, lastDay }: { readonly endedOn: string; readonly lastDay: string },
  language: Language,
): string =>
  language === 'fr'
    ? `Accès maintenu pour un temps : l’accord donné à l’organisation a pris fin le ${day(endedOn, 'fr')}, et le service reste ouvert jusqu’au ${day(lastDay, 'fr')} pour qu’elle en demande un autre.`
    : `Access kept for a while: the approval of the organization ended on ${day(endedOn, 'en')}, and the service stays open until ${day(lastDay, 'en')} for it to request another.`;

export const levelTexts: Texts<Level> = {
  member: { fr: 'La personne entre comme membre.', en: 'The person enters as a member.' },
  guest: {
    fr: 'La personne entre comme invitée, avec moins de droits.',
    en: 'The person enters as a guest, with fewer rights.',
  },
};

export const groundTexts: Texts<Ground> = {
  public_mission_spa: {
    fr: 'Motif : une mission de service public administratif lui est confiée.',
    en: 'Ground: it is charged with an administrative public-service mission.',
  },
  public_service_mission: {
    fr: 'Motif : elle remplit une mission de service public.',
    en: 'Ground: it carries out a public-service mission.',
  },
  transparent_association: {
    fr: 'Motif : elle est créée, dirigée et financée par une collectivité publique.',
    en: 'Ground: it is created, run and funded by a public authority.',
  },
  delegated_public_service: {
    fr: 'Motif : une convention lui confie un service public.',
    en: 'Ground: an agreement entrusts it with a public service.',
  },
  members_all_public_law: {
    fr: 'Motif : tous ses membres sont des collectivités ou des organismes publics.',
    en: 'Ground: all its members are public bodies.',
  },
  operator_doctrine: {
    fr: 'Motif : une règle publiée par le responsable du service.',
    en: 'Ground: a rule published by those who run the service.',
  },
};

export const stepTexts: Texts<NextStep> = {
  request_approval: {
    fr: 'La personne qui dirige l’organisation peut demander un accord pour ce service.',
    en: 'The person who heads the organization can request approval for this service.',
  },
  ask_invitation: {
    fr: 'Un agent public peut inviter la personne.',
    en: 'A public agent can invite the person.',
  },
  contact_service: {
    fr: 'La personne qui gère le service peut répondre aux questions.',
    en: 'The people who run the service can answer questions.',
  },
  choose_organization: {
    fr: 'Si la personne agit aussi pour une autre organisation, elle peut la choisir.',
    en: 'If the person also acts for another organization, they can choose it.',
  },
  correct_registry: {
    fr: 'L’organisation peut faire corriger sa fiche au registre officiel.',
    en: 'The organization can have its record in the official register corrected.',
  },
  contact_identity_provider: {
    fr: 'Le service informatique peut compléter la fiche de la personne.',
    en: 'The IT department can complete the record of the person.',
  },
  use_work_email: {
    fr: 'La personne peut se connecter avec l’adresse donnée par l’organisation.',
    en: 'The person can sign in with the address given by the organization.',
  },
  ask_representative: {
    fr: 'La personne qui représente l’organisation peut lui rendre son rattachement.',
    en: 'The person who represents the organization can give the membership back.',
  },
  authenticate_again: { fr: 'La personne peut se connecter à nouveau.', en: 'The person can sign in again.' },
  authenticate_stronger: {
    fr: 'La personne peut se connecter avec une double vérification.',
    en: 'The person can sign in with two-step verification.',
  },
  try_later: { fr: 'L’accès pourra s’ouvrir plus tard.', en: 'Access may open later.' },
};
