import { EngineError } from '@kmd/image-builder';

/** Takes something away that may be gone already. */
export async function unlessGone(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof EngineError && error.code === 'engine-not-found')) throw error;
  }
}
