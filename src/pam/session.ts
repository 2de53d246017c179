// A program for the PAM session of one job. `open SERVICE ACCOUNT COMMAND…` opens it as root, in the job's directory, and
// becomes the command, which has the session's limits and variables; nothing of ours stays beside it. `close DIRECTORY`
// closes it when the job has ended.
import { argv, env, exit } from 'node:process'
import { makeRoom } from '../linux/library.ts'
import { closeSession } from './close-session.ts'
import { openSession } from './open-session.ts'

const [, , verb, ...words] = argv
makeRoom()
exit(verb === 'open' ? openSession(words, env) : closeSession(words[0] ?? '.'))
