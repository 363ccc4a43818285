/** Menus as data: built, found by id, and clicked through their items. Nothing is drawn. */
'use strict'
const { EventEmitter } = require('node:events')

/** @typedef {{ label?: string, role?: string, id?: string, type?: string, submenu?: MenuTemplate | Menu, click?: (...args: never[]) => void, enabled?: boolean, visible?: boolean, checked?: boolean, accelerator?: string }} MenuItemOptions */
/** @typedef {(MenuItemOptions | MenuItem)[]} MenuTemplate */

class MenuItem {
  /** @type {Menu | undefined} */
  submenu
  /** @type {string | undefined} */
  id
  label = ''
  enabled = true
  visible = true
  checked = false

  /** @param {MenuItemOptions} options */
  constructor(options) {
    const { submenu, ...rest } = options
    Object.assign(this, { type: submenu === undefined ? 'normal' : 'submenu' }, rest)
    this.submenu = Array.isArray(submenu) ? Menu.buildFromTemplate(submenu) : submenu
  }
}

class Menu extends EventEmitter {
  /** @type {MenuItem[]} */
  items = []

  /** @param {MenuItem} item */
  append(item) {
    this.items.push(item)
  }
  /** @param {string} id @returns {MenuItem | null} */
  getMenuItemById(id) {
    for (const item of this.items) {
      if (item.id === id) return item
      const found = item.submenu?.getMenuItemById(id)
      if (found) return found
    }
    return null
  }
  popup() {}
  closePopup() {}

  /** @type {Menu | null} */
  static #ofApp = null
  /** @param {MenuTemplate} template */
  static buildFromTemplate(template) {
    const menu = new Menu()
    for (const each of template) menu.append(each instanceof MenuItem ? each : new MenuItem(each))
    return menu
  }
  /** @param {Menu | null} menu */
  static setApplicationMenu(menu) {
    Menu.#ofApp = menu
  }
  static getApplicationMenu() {
    return Menu.#ofApp
  }
}

module.exports = { Menu, MenuItem }
