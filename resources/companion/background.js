/**
 * The context menu. A click gives this extension the tab for a moment (activeTab), and opens the same window as
 * the button of the toolbar, which says in words what came of it.
 */
import { browserApi } from './lib/browser.js'

const MENU = [
  { id: 'page', title: 'Send this page to Sheaf', contexts: ['page'] },
  { id: 'link', title: 'Send this link to Sheaf', contexts: ['link'] }
]

browserApi.runtime.onInstalled.addListener(() => {
  browserApi.contextMenus.removeAll(() => {
    for (const item of MENU) browserApi.contextMenus.create(item)
  })
})

browserApi.contextMenus.onClicked.addListener((info, tab) => {
  const page = new URL(browserApi.runtime.getURL('popup.html'))
  if (tab?.id !== undefined) page.searchParams.set('tab', String(tab.id))
  if (info.menuItemId === 'link' && info.linkUrl) page.searchParams.set('link', info.linkUrl)
  void browserApi.windows.create({ url: page.href, type: 'popup', width: 400, height: 520 })
})
