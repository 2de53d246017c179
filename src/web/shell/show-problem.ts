import { notifications } from '@mantine/notifications'

/** Tells that an action failed, in the server's own sentence; it stays until it is closed. */
export function showProblem(title: string, error: Error): void {
  notifications.show({ color: 'red.9', title, message: error.message, autoClose: false })
}
