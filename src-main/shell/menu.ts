import { Menu, type MenuItemConstructorOptions } from 'electron'

/** What every desktop app has, so that copy, paste, zoom and quit work by their usual keys; the rest is in the page. */
export function appMenu(platform: NodeJS.Platform, isPackaged: boolean): Menu {
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ]
  if (!isPackaged) view.push({ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' })
  return Menu.buildFromTemplate([
    platform === 'darwin' ? { role: 'appMenu' } : { role: 'fileMenu' },
    { role: 'editMenu' },
    { label: 'View', submenu: view },
    { role: 'windowMenu' },
  ])
}
