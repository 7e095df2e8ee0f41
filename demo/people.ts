/** What an identity provider may say of a person beside the names (OpenID Connect Core §5.1). */
export interface StandardClaims {
  readonly middle_name?: string;
  readonly nickname?: string;
  readonly profile?: string;
  readonly picture?: string;
  readonly website?: string;
  readonly gender?: string;
  readonly birthdate?: string;
  readonly zoneinfo?: string;
  readonly locale?: string;
  /** Seconds since the epoch. */
  readonly updated_at?: number;
  readonly phone_number_verified?: boolean;
}

/** The invented people of the demonstration. Their organizations are those of `config/demo/`. */
export interface DemoPerson {
  /** Stable for ever: the broker keeps accounts, and declares memberships, by (issuer, sub). */
  readonly sub: string;
  readonly uid: string;
  readonly given_name: string;
  readonly usual_name: string;
  readonly email: string;
  readonly siret: string;
  readonly phone_number?: string;
  /** Nobody of the demonstration has any: a directory gives out what its tools need, no more. */
  readonly standard?: StandardClaims;
  /** Shown on the button only: the broker has to find it by itself from the SIRET. */
  readonly organization: string;
  /** Level of an ordinary sign-in. */
  readonly acr: string;
  /** Level reached when a stronger sign-in is demanded; absent: the person has no second factor. */
  readonly strongAcr?: string;
}

export const demoPeople = [
  {
    sub: 'agent-etat',
    uid: 'demo-0001',
    given_name: 'Camille',
    usual_name: 'Renaud',
    email: 'agent@etat.example',
    siret: '13002526500013',
    phone_number: '+33199000001',
    organization: 'Direction interministérielle du numérique',
    acr: 'eidas1',
    strongAcr: 'eidas1-mfa',
  },
  {
    sub: 'agent-commune',
    uid: 'demo-0002',
    given_name: 'Yann',
    usual_name: 'Bihan-Morel',
    email: 'agent@commune.example',
    siret: '21440109300015',
    phone_number: '+33199000002',
    organization: 'Commune de Nantes',
    acr: 'eidas1',
    strongAcr: 'eidas1-mfa',
  },
  {
    sub: 'elu-commune',
    uid: 'demo-0003',
    given_name: 'Bernard',
    usual_name: 'Tanguy',
    email: 'elu@commune.example',
    siret: '21440109300015',
    organization: 'Commune de Nantes, et bureau de l’AMD-FICTIF',
    acr: 'eidas1',
  },
  {
    sub: 'membre-amd-fictif',
    uid: 'demo-0004',
    given_name: 'Rozenn',
    usual_name: 'Kervella',
    email: 'membre@amd-fictif.example',
    siret: '00000010900009',
    organization: 'AMD-FICTIF, association des maires d’un département inventé',
    acr: 'eidas1',
  },
  {
    sub: 'membre-asso',
    uid: 'demo-0005',
    given_name: 'Samir',
    usual_name: 'Benali',
    email: 'membre@asso.example',
    siret: '00000040600009',
    organization: 'Association sportive inventée',
    acr: 'eidas1',
  },
  {
    sub: 'operateur',
    uid: 'demo-0006',
    given_name: 'Hélène',
    usual_name: 'Marchand',
    email: 'operateur@operateur.example',
    siret: '13002526500013',
    phone_number: '+33199000006',
    organization: 'Opérateur de la suite (DINUM)',
    acr: 'eidas1',
    strongAcr: 'eidas1-mfa',
  },
  {
    sub: 'operateur-examen',
    uid: 'demo-0007',
    given_name: 'Nadia',
    usual_name: 'Lefort',
    email: 'examen@operateur.example',
    siret: '13002526500013',
    organization: 'Opérateur de la suite (DINUM)',
    acr: 'eidas1',
    strongAcr: 'eidas1-mfa',
  },
  {
    sub: 'operateur-second',
    uid: 'demo-0008',
    given_name: 'Olivier',
    usual_name: 'Garnier',
    email: 'second@operateur.example',
    siret: '13002526500013',
    organization: 'Opérateur de la suite (DINUM)',
    acr: 'eidas1',
    strongAcr: 'eidas1-mfa',
  },
  {
    sub: 'operateur-controle',
    uid: 'demo-0009',
    given_name: 'Claire',
    usual_name: 'Vasseur',
    email: 'controle@operateur.example',
    siret: '13002526500013',
    organization: 'Opérateur de la suite (DINUM)',
    acr: 'eidas1',
    strongAcr: 'eidas1-mfa',
  },
  {
    sub: 'operateur-regles',
    uid: 'demo-0010',
    given_name: 'Marc',
    usual_name: 'Delorme',
    email: 'regles@operateur.example',
    siret: '13002526500013',
    organization: 'Opérateur de la suite (DINUM)',
    acr: 'eidas1',
    strongAcr: 'eidas1-mfa',
  },
  {
    sub: 'operateur-regles-second',
    uid: 'demo-0011',
    given_name: 'Sonia',
    usual_name: 'Perrin',
    email: 'regles.second@operateur.example',
    siret: '13002526500013',
    organization: 'Opérateur de la suite (DINUM)',
    acr: 'eidas1',
    strongAcr: 'eidas1-mfa',
  },
  {
    sub: 'operateur-administration',
    uid: 'demo-0012',
    given_name: 'Julien',
    usual_name: 'Masson',
    email: 'administration@operateur.example',
    siret: '13002526500013',
    organization: 'Opérateur de la suite (DINUM)',
    acr: 'eidas1',
    strongAcr: 'eidas1-mfa',
  },
  {
    sub: 'operateur-recours',
    uid: 'demo-0013',
    given_name: 'Paul',
    usual_name: 'Mercier',
    email: 'recours@operateur.example',
    siret: '13002526500013',
    organization: 'Opérateur de la suite (DINUM)',
    acr: 'eidas1',
    strongAcr: 'eidas1-mfa',
  },
] as const satisfies readonly DemoPerson[];
