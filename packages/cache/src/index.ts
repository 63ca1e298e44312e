export { isSameFile, type Validator, validatorOf } from './validator.ts';
