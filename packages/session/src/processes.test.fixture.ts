import { type SourcePrograms, sourcePrograms } from '@csa/testkit';

const programs = sourcePrograms(import.meta.dirname);

export const startProgram: SourcePrograms['startProgram'] = programs.startProgram;
export const answersOf: SourcePrograms['answersOf'] = programs.answersOf;
