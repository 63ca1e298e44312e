// The reports that vitest leaves in each package, and what they come to.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const REPORT = 'test-report.json';

/** Reports of an earlier run would count as this one's. */
export function removeReports(root) {
  for (const folder of packageFolders(root)) rmSync(join(root, 'packages', folder, REPORT), { force: true });
}

/** @returns {{ folder: string, report: object | undefined }[]} one for each package; a torn report is none */
export function readReports(root) {
  return packageFolders(root).map((folder) => ({ folder, report: readReport(join(root, 'packages', folder, REPORT)) }));
}

/**
 * @param {{ folder: string, report: object | undefined }[]} reports
 * @returns {{ passed: number, failed: number, faults: string[] }} a file that could not be run counts as one failure
 */
export function summarize(reports) {
  const faults = reports.flatMap(({ folder, report }) => faultOf(folder, report));
  const present = reports.flatMap(({ report }) => report ?? []);
  const sum = (count) => present.reduce((total, report) => total + count(report), 0);
  const passed = sum((report) => report.numPassedTests);
  const failed = sum((report) => report.numFailedTests + brokenFiles(report));
  return { passed, failed, faults: passed + failed === 0 ? [...faults, 'no test was run'] : faults };
}

function faultOf(folder, report) {
  if (report === undefined) return [`packages/${folder} left no report: it has no tests, or they could not be run`];
  if (report.numTotalTests === 0) return [`packages/${folder} ran no test`];
  return report.success ? [] : [`packages/${folder} failed`];
}

/** Files that failed outside their tests, while being imported for example. */
function brokenFiles(report) {
  const failed = report.testResults.filter((file) => file.status === 'failed');
  return failed.filter((file) => !file.assertionResults.some((test) => test.status === 'failed')).length;
}

function readReport(path) {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function packageFolders(root) {
  const folders = readdirSync(join(root, 'packages'));
  return folders.filter((folder) => existsSync(join(root, 'packages', folder, 'package.json'))).sort();
}
