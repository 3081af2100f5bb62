/** Where a sample customer may be: what its quotes count in, and how companies are called there. */
export interface Country {
  country: string
  time_zone: string
  currency: string
  suffixes: readonly string[]
  contacts: readonly string[]
}

const country = (
  name: string,
  time_zone: string,
  currency: string,
  suffixes: readonly string[],
  contacts: readonly string[],
): Country => ({ country: name, time_zone, currency, suffixes, contacts })

export const centralEurope: readonly Country[] = [
  country('Germany', 'Europe/Berlin', 'EUR', ['GmbH', 'AG', 'GmbH & Co. KG'], ['Anke Seidel', 'Murat Yildiz']),
  country('Austria', 'Europe/Vienna', 'EUR', ['GmbH'], ['Lukas Gruber', 'Eva Pichler']),
  country('Switzerland', 'Europe/Zurich', 'CHF', ['AG', 'SA'], ['Reto Ammann', 'Céline Favre']),
  country('France', 'Europe/Paris', 'EUR', ['SAS', 'SARL'], ['Nadia Lefèvre', 'Hugo Marchand']),
  country('Netherlands', 'Europe/Amsterdam', 'EUR', ['B.V.'], ['Femke de Wit', 'Bram Visser']),
  country('Poland', 'Europe/Warsaw', 'PLN', ['Sp. z o.o.'], ['Agnieszka Zając', 'Piotr Sikora']),
  country('Sweden', 'Europe/Stockholm', 'SEK', ['AB'], ['Maja Lindholm', 'Oskar Nyström']),
]

export const ukAndAmericas: readonly Country[] = [
  country('United Kingdom', 'Europe/London', 'GBP', ['Ltd', 'plc'], ['Imogen Hart', 'Kwame Boateng']),
  country('Ireland', 'Europe/Dublin', 'EUR', ['Ltd'], ['Aoife Brennan', 'Cian Doyle']),
  country('United States', 'America/New_York', 'USD', ['Inc.', 'LLC', 'Corp'], ['Rachel Stein', 'Marcus Bell']),
  country('United States', 'America/Los_Angeles', 'USD', ['Inc.', 'LLC'], ['Dana Kim', 'Hector Ruiz']),
  country('Canada', 'America/Toronto', 'CAD', ['Inc.', 'Ltd'], ['Chloé Tremblay', 'Owen Fraser']),
  country('Brazil', 'America/Sao_Paulo', 'BRL', ['Ltda'], ['Beatriz Moura', 'Rafael Teles']),
]

export const asiaPacific: readonly Country[] = [
  country('Japan', 'Asia/Tokyo', 'JPY', ['K.K.', 'Co., Ltd.'], ['Haruka Mori', 'Kenji Ota']),
  country('Australia', 'Australia/Sydney', 'AUD', ['Pty Ltd'], ['Zoe Hartigan', 'Liam Prentice']),
  country('Singapore', 'Asia/Singapore', 'SGD', ['Pte Ltd'], ['Wei Ling Tan', 'Arjun Menon']),
  country('India', 'Asia/Kolkata', 'INR', ['Pvt Ltd'], ['Sneha Kulkarni', 'Rohit Bansal']),
  country('Kuwait', 'Asia/Kuwait', 'KWD', ['W.L.L.'], ['Fatima Al-Sabti', 'Yousef Al-Enezi']),
]
