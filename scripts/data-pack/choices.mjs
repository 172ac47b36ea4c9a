/**
 * What the data pack is about: which names, words and facts MiniCoIN uses, chosen by hand from what the source packages offer.
 * Names are single words, so that each is one token, and pictures are chosen to be told apart at 16 pixels.
 */

/** Emoji by category. Labels are emojibase's; artwork is Fluent 3D. */
export const emoji = {
  animal: [
    'dog',
    'cat',
    'cow',
    'pig',
    'lion',
    'elephant',
    'rabbit',
    'panda',
    'penguin',
    'owl',
    'flamingo',
    'frog',
    'turtle',
    'whale',
    'crab',
    'butterfly',
  ],
  food: ['watermelon', 'lemon', 'pineapple', 'strawberry', 'eggplant', 'carrot', 'broccoli', 'hamburger', 'pizza', 'egg', 'doughnut', 'popcorn'],
  vehicle: ['locomotive', 'bus', 'ambulance', 'taxi', 'tractor', 'bicycle', 'sailboat', 'ship', 'helicopter', 'rocket'],
  instrument: ['guitar', 'violin', 'drum', 'trumpet', 'accordion'],
  tool: ['hammer', 'key', 'ladder', 'magnet', 'bucket'],
}

/** Emblems on book covers, one a genre; no emblem is among the emoji above. */
export const emblems = {
  adventure: 'compass',
  comedy: 'joker',
  fantasy: 'dragon',
  horror: 'bat',
  mystery: 'flashlight',
  poetry: 'feather',
  romance: 'rose',
  western: 'cactus',
}

/** Fashion-MNIST's classes in the order of its labels. */
export const products = ['t-shirt', 'trouser', 'pullover', 'dress', 'coat', 'sandal', 'shirt', 'sneaker', 'bag', 'boot']

/** Quick, Draw! categories that no emoji or product is named after. */
export const drawings = [
  'airplane',
  'apple',
  'candle',
  'chair',
  'clock',
  'cloud',
  'envelope',
  'eyeglasses',
  'fish',
  'house',
  'mushroom',
  'scissors',
  'snowman',
  'star',
  'sun',
  'umbrella',
]

/** Words on signs, at most seven letters: one letter is eight pixels wide. */
export const signWords = [
  'stop',
  'exit',
  'open',
  'closed',
  'push',
  'pull',
  'sale',
  'free',
  'hotel',
  'cafe',
  'bank',
  'park',
  'zoo',
  'gym',
  'shop',
  'slow',
  'danger',
  'north',
  'south',
  'east',
  'west',
  'wait',
  'walk',
  'enter',
  'beach',
  'music',
  'news',
  'post',
]

/** Titles and surnames of faker's book module, at most eight letters. */
export const titles = [
  'Beloved',
  'Candide',
  'Carmilla',
  'Cranford',
  'Dracula',
  'Dune',
  'Emma',
  'Faust',
  'Hamlet',
  'Herzog',
  'Nostromo',
  'Republic',
  'Scoop',
  'Ulysses',
  'Walden',
  'Watchmen',
]
export const authors = ['Austen', 'Camus', 'Dickens', 'Homer', 'Kafka', 'Orwell', 'Plato', 'Shelley', 'Tolkien', 'Tolstoy', 'Twain', 'Woolf']

/** Countries whose name and capital are one word each. */
export const countries = [
  'France',
  'Germany',
  'Italy',
  'Spain',
  'Portugal',
  'Greece',
  'Egypt',
  'Kenya',
  'Ghana',
  'Morocco',
  'Nigeria',
  'Senegal',
  'Japan',
  'China',
  'Thailand',
  'Vietnam',
  'Iran',
  'Nepal',
  'Peru',
  'Chile',
  'Cuba',
  'Canada',
  'Ecuador',
  'Uruguay',
]

/** Elements whose symbol is no option letter. */
export const elements = [
  'Hydrogen',
  'Helium',
  'Oxygen',
  'Neon',
  'Sodium',
  'Cobalt',
  'Calcium',
  'Iron',
  'Nickel',
  'Copper',
  'Zinc',
  'Silver',
  'Tin',
  'Gold',
  'Mercury',
  'Lead',
]
