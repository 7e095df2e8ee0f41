import type { Clock } from '../../config/config.ts';
import { openMemoryStore } from '../ephemeral-memory.ts';
import type { EphemeralStore } from '../ephemeral.ts';

/** The ephemeral store of one process, for rooms that need nothing else of the stores. */
export const ephemeralFor = (clock: Clock): EphemeralStore => openMemoryStore({ clock }).store;
