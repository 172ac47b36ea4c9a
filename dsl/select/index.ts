export { atMost, called, exactly, having, is, isNot, nth, one, some, under } from './build.js'
export { edit } from './edit.js'
export { find } from './find.js'
export { selectorText } from './text.js'
