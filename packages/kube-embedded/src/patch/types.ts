import type { PatchType } from '@kmd/kube-client';
import type { Kind } from '../kinds/kind.js';

const types: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

/** How a patch is meant, by the media type of its body. Undefined for what is no patch. */
export const patchTypeOf = (mediaType: string): PatchType | undefined => types[mediaType];

/** The media types of patches that a kind takes: of custom resources nobody knows how their lists are merged. */
export const patchTypesOf = ({ custom }: Pick<Kind, 'custom'>): readonly string[] =>
  Object.keys(types).filter((type) => !custom || types[type] !== 'strategic');
