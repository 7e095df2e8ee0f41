import type { EvidenceKind } from './act.ts';

/** Pieces of evidence as letters name them. */
export const evidenceNames: Readonly<Record<EvidenceKind, string>> = {
  statutes: 'Statuts en vigueur, datés et signés',
  declaration_receipt: 'Récépissé de déclaration en préfecture',
  official_journal: 'Annonce au Journal officiel',
  directors: 'Liste des dirigeants en exercice',
  mandate: 'Mandat de la personne qui fait la demande',
  member_list: 'Liste des membres',
  agreement: 'Convention, délégation, arrêté ou décret',
  accounts: 'Comptes, avec la part des ressources publiques',
  domain_control: 'Preuve de la maîtrise des domaines de messagerie',
  other: 'Autre pièce',
};
