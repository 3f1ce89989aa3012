export { readIgnoreFile } from './ignore/read-ignore-file.js';
export { createIgnoreMatcher, IgnorePatternError, type IgnoreMatcher } from './ignore/ignore-matcher.js';
