/**
 * The attachment of an element that scrolls and has no control inside that takes the focus: in the tab order,
 * arrow and page keys scroll it (WCAG 2.1.1; axe rule `scrollable-region-focusable`).
 */
export function keyboardScroll(element: HTMLElement): void {
  element.tabIndex = 0
}
