import { EngineError } from '@kmd/image-builder';

/** Takes something away that may be gone already. */
export async function unlessGone(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof EngineError && error.code === 'engine-not-found')) throw error;
  }
}

/** Makes something that another may have made in the meantime: two that bring a project up at once. */
export async function unlessThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof EngineError && error.code === 'engine-conflict')) throw error;
    return undefined;
  }
}
