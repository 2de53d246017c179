import type { Page } from 'playwright-core'
import { jobView, manyJobs, someFolders, someSchedules } from './job-scenes.ts'
import type { Scene } from './scene-check.ts'
import { manySessions } from './scenes.ts'

const SLOW = { timeout: 60_000 }
const base = { sessions: manySessions(9), schedules: someSchedules(), choices: {} }
const many = { ...base, jobs: manyJobs(60) }
const busy = {
  ...many,
  folders: someFolders(),
  choices: {
    clusters: [
      { name: 'local', isDefault: true, available: true },
      { name: 'hpc', isDefault: false, available: false },
    ],
    commands: [{ name: 'backup', title: 'Back the project up', arguments: false }],
    limits: { running: { used: 4, most: 4 }, waiting: { used: 1, most: 20 } },
  },
}

/** The parts of the home page, and what is opened from there. */
export const SCENES: readonly Scene[] = [
  { name: 'jobs-empty', path: '/jobs', answers: { ...base, jobs: [] }, heading: /first job/ },
  { name: 'jobs-many', path: '/jobs', answers: busy, heading: 'Jobs' },
  { name: 'jobs-filtered', path: '/jobs?state=failed&q=fit', answers: busy, heading: 'Jobs' },
  { name: 'jobs-no-match', path: '/jobs?q=nonesuch', answers: busy, heading: 'No job matches' },
  {
    name: 'jobs-menu',
    path: '/jobs',
    answers: busy,
    heading: 'Jobs',
    show: async (page) => {
      await page.getByRole('button', { name: 'More actions for' }).first().click(SLOW)
      await page.getByRole('menuitem', { name: 'Force stop' }).waitFor()
    },
  },
  {
    name: 'jobs-bulk',
    path: '/jobs',
    answers: busy,
    heading: /^Stop \d/,
    show: async (page) => {
      await page.getByRole('checkbox', { name: 'Select all shown' }).check(SLOW)
      await page.getByRole('button', { name: /^Stop \d+ jobs…$/ }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  { name: 'new-job', path: '/jobs', answers: busy, heading: 'New job', show: openNewJob },
  {
    name: 'new-job-filled',
    path: '/jobs',
    answers: busy,
    heading: 'New job',
    show: async (page) => {
      await openNewJob(page)
      await page.getByRole('option', { name: /^project/ }).click()
      await page.getByRole('option', { name: 'fit 9.R' }).click()
      await page
        .getByRole('textbox', { name: 'Arguments' })
        .fill('--year 2026 --title "A report" --empty ""')
      await page.getByText('Name, environment').click()
      await page.getByRole('button', { name: 'Add a variable' }).click()
      await page.keyboard.type('API_KEY')
      await page.keyboard.press('Tab')
      await page.keyboard.type('secret')
      await page.getByRole('checkbox', { name: 'Run on a schedule' }).check()
      await page.getByText('At 06:00').waitFor()
    },
  },
  {
    name: 'new-job-wrong',
    path: '/jobs',
    answers: { ...busy, refused: 'args.0: too long; webhook: must not be a private address.' },
    heading: 'New job',
    show: async (page) => {
      await openNewJob(page)
      await page.getByRole('textbox', { name: 'Script or notebook' }).fill('/home/alice/a.sh')
      await page.getByRole('button', { name: 'Submit, to wait' }).click()
      await page.getByText('Must not be a private address.').waitFor()
    },
  },
  {
    name: 'new-job-no-folder',
    path: '/jobs',
    answers: { ...busy, folders: [] },
    heading: 'New job',
    show: async (page) => {
      await page.keyboard.press('n')
      await page.getByText('This folder cannot be shown').waitFor(SLOW)
    },
  },
  {
    name: 'run-with-changes',
    path: '/jobs?again=like',
    answers: {
      ...busy,
      jobs: [
        jobView('like', {
          args: ['--title', 'A report', ''],
          environmentNames: ['API_KEY', 'TOKEN'],
          workingDirectory: '/home/alice',
        }),
      ],
    },
    heading: 'Run again with changes',
  },
  {
    name: 'schedules-empty',
    path: '/schedules',
    answers: { ...many, schedules: [] },
    heading: /by itself/,
  },
  { name: 'schedules', path: '/schedules', answers: many, heading: 'Schedules' },
  {
    name: 'schedule-edit',
    path: '/schedules',
    answers: many,
    heading: 'Edit hourly import',
    show: async (page) => {
      await page.getByRole('button', { name: 'More actions for hourly import' }).click(SLOW)
      await page.getByRole('menuitem', { name: 'Edit…' }).click()
      await page.getByText('Every 15 minutes').last().waitFor()
    },
  },
  {
    name: 'schedule-delete',
    path: '/schedules',
    answers: many,
    heading: 'Delete the schedule monthly bill?',
    show: async (page) => {
      await page.getByRole('button', { name: 'More actions for monthly bill' }).click(SLOW)
      await page.getByRole('menuitem', { name: 'Delete…' }).click()
    },
  },
]

async function openNewJob(page: Page): Promise<void> {
  await page.keyboard.press('n')
  // An earlier scene may have left another folder to begin in.
  await page.getByRole('button', { name: 'Home folder' }).click(SLOW)
  await page.getByRole('option', { name: /^project/ }).waitFor(SLOW)
}
