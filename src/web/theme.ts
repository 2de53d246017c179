import {
  Alert,
  createTheme,
  Menu,
  Modal,
  Notification,
  type CSSVariablesResolver,
} from '@mantine/core'

/** The look of Atelier: system fonts and one blue, dark enough for white text on it. */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: 8,
  autoContrast: true,
  respectReducedMotion: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '650' },
  components: {
    Alert: Alert.extend({ defaultProps: { variant: 'outline', bg: 'var(--mantine-color-body)' } }),
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
    Notification: Notification.extend({
      defaultProps: { closeButtonProps: { 'aria-label': 'Close' } },
      styles: { description: { color: 'var(--mantine-color-text)' } },
    }),
    Modal: Modal.extend({
      defaultProps: { closeButtonProps: { 'aria-label': 'Close' }, radius: 'lg' },
      styles: { title: { fontSize: '1.15rem', fontWeight: 650 } },
    }),
  },
})

/** Colours that differ from Mantine's own, each with at least 4.5:1 on its background (WCAG 2.2 AA). */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-dimmed': '#545b62',
    '--mantine-color-placeholder': '#666d74',
    '--mantine-color-error': '#c92a2a',
    '--atelier-page': '#f6f7f9',
    '--atelier-line': '#dde1e6',
    '--atelier-focus': '#3b5bdb',
    '--atelier-selected': '#eef2ff',
    '--atelier-good': '#2b7a3d',
    '--atelier-busy': '#1864ab',
    '--atelier-quiet': '#545b62',
    '--atelier-warn': '#a34a00',
    '--atelier-bad': '#c92a2a',
  },
  dark: {
    '--mantine-color-body': '#1f2125',
    '--mantine-color-dimmed': '#b0b5bc',
    '--mantine-color-placeholder': '#9aa0a8',
    '--mantine-color-error': '#ff9a9a',
    '--atelier-page': '#17181b',
    '--atelier-line': '#3b3f46',
    '--atelier-focus': '#91a7ff',
    '--atelier-selected': '#262b3d',
    '--atelier-good': '#7ddc92',
    '--atelier-busy': '#8ec8ff',
    '--atelier-quiet': '#b0b5bc',
    '--atelier-warn': '#ffbf80',
    '--atelier-bad': '#ff9a9a',
  },
})
