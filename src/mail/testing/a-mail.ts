import { createFingerprints } from '../../config/config.ts';
import { createBounces } from '../mail.ts';
import type { Mail } from '../mail.ts';

export const aMail = (changes: Partial<Mail> = {}): Mail => ({
  to: 'presidence@amd-fictif.example',
  subject: 'Accusé de réception de votre demande',
  text: 'Votre demande a été reçue.\n',
  html: '<p>Votre demande a été reçue.</p>',
  about: 'registration:D-26-7K3QXWPB',
  ...changes,
});

export const bouncesOfTests = createBounces(createFingerprints(['key of the tests'], 'bounces'));
