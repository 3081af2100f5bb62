/** Where sample customers are: what their quotes count in, who answers there, and what the companies are called. */
export interface Country {
  country: string
  time_zone: string
  currency: string
  contacts: readonly string[]
  companies: readonly string[]
}

const country = (
  name: string,
  time_zone: string,
  currency: string,
  contacts: readonly string[],
  companies: readonly string[],
): Country => ({ country: name, time_zone, currency, contacts, companies })

// Among the companies of each region one name is as long as registers really hold them: lists and toasts live with these.

export const centralEurope: readonly Country[] = [
  country(
    'Germany',
    'Europe/Berlin',
    'EUR',
    ['Anke Seidel', 'Murat Yildiz', 'Holger Krämer'],
    [
      'Altmark Molkerei GmbH',
      'Birkenhof Backwaren GmbH',
      'Delta Abfülltechnik AG',
      'Falkenau Brauerei GmbH & Co. KG',
      'Isar Kosmetik GmbH',
      'Ulmen Papier AG',
      'Vereinigte Rheintaler Konserven-, Feinkost- und Fruchtsaftwerke Gesellschaft mit beschränkter Haftung & Compagnie Kommanditgesellschaft, Niederlassung Süd',
    ],
  ),
  country(
    'Austria',
    'Europe/Vienna',
    'EUR',
    ['Lukas Gruber', 'Eva Pichler'],
    ['Granit Verpackung GmbH', 'Lindenquell Mineralwasser GmbH', 'Tannhof Naturkost GmbH'],
  ),
  country(
    'Switzerland',
    'Europe/Zurich',
    'CHF',
    ['Reto Ammann', 'Céline Favre'],
    ['Oberland Käse AG', 'Corvus Pharma AG', 'Juratherm SA', 'Vektor Automation AG'],
  ),
  country(
    'France',
    'Europe/Paris',
    'EUR',
    ['Nadia Lefèvre', 'Hugo Marchand'],
    ['Verger du Midi SAS', 'Laboratoires Amarante SA', 'Biscuiterie Clairval SARL'],
  ),
  country(
    'Netherlands',
    'Europe/Amsterdam',
    'EUR',
    ['Femke de Wit', 'Bram Visser'],
    ['Hafenlicht Zuivel B.V.', 'Meridiaan Labs B.V.', 'Polderman Groenten B.V.'],
  ),
  country(
    'Poland',
    'Europe/Warsaw',
    'PLN',
    ['Agnieszka Zając', 'Piotr Sikora'],
    ['Mazowia Soki Sp. z o.o.', 'Bursztyn Kosmetyki S.A.'],
  ),
  country(
    'Sweden',
    'Europe/Stockholm',
    'SEK',
    ['Maja Lindholm', 'Oskar Nyström'],
    ['Norrsken Fisk AB', 'Silverbäck Livs AB'],
  ),
]

export const ukAndAmericas: readonly Country[] = [
  country(
    'United Kingdom',
    'Europe/London',
    'GBP',
    ['Imogen Hart', 'Kwame Boateng', 'Alistair Reid'],
    [
      'Amberley Preserves Ltd',
      'Copperfield Confectionery plc',
      'Glenrock Spirits Ltd',
      'Harbour & Pine Ltd',
      'Ironbridge Ales Ltd',
      'Kestrel Foods plc',
    ],
  ),
  country(
    'Ireland',
    'Europe/Dublin',
    'EUR',
    ['Aoife Brennan', 'Cian Doyle'],
    ['Dunmore Distillers Ltd', 'Yarrow Dairy Ltd'],
  ),
  country(
    'United States',
    'America/New_York',
    'USD',
    ['Rachel Stein', 'Marcus Bell', 'Tonya Whitfield'],
    [
      'Acme Corp',
      'Larkspur Health Inc.',
      'Northgate Bottling LLC',
      'Pinnacle Beverages Inc.',
      'The Greater Prairie Cooperative Association of Independent Millers, Bakers and Grain Elevator Operators of the Upper Midwest, Incorporated',
    ],
  ),
  country(
    'United States',
    'America/Los_Angeles',
    'USD',
    ['Dana Kim', 'Hector Ruiz'],
    ['TechStart Solutions', 'Redwood Roasters LLC', 'Juniper Snacks Inc.'],
  ),
  country(
    'Canada',
    'America/Toronto',
    'CAD',
    ['Chloé Tremblay', 'Owen Fraser'],
    ['Maplewood Farms Inc.', 'Tidewater Seafood Ltd'],
  ),
  country(
    'Brazil',
    'America/Sao_Paulo',
    'BRL',
    ['Beatriz Moura', 'Rafael Teles'],
    ['Cacau da Serra Ltda', 'Sucos Ipê Ltda'],
  ),
]

export const asiaPacific: readonly Country[] = [
  country(
    'Japan',
    'Asia/Tokyo',
    'JPY',
    ['Haruka Mori', 'Kenji Ota'],
    [
      'Aoba Foods K.K.',
      'Fuji Seiki Co., Ltd.',
      'Hoshikawa Brewing K.K.',
      'Midori Tea Co., Ltd.',
      'Tanpopo Cosmetics K.K.',
    ],
  ),
  country(
    'Australia',
    'Australia/Sydney',
    'AUD',
    ['Zoe Hartigan', 'Liam Prentice'],
    ['Banksia Wines Pty Ltd', 'Coral Bay Seafood Pty Ltd', 'Kangaroo Point Dairy Pty Ltd', 'Umber Chocolate Pty Ltd'],
  ),
  country(
    'Singapore',
    'Asia/Singapore',
    'SGD',
    ['Wei Ling Tan', 'Arjun Menon'],
    [
      'Harbourline Pte Ltd',
      'Jade River Beverages Pte Ltd',
      'Golden Lotus International Food Processing, Packaging, Cold Storage and Distribution Holdings Pte Ltd',
    ],
  ),
  country(
    'India',
    'Asia/Kolkata',
    'INR',
    ['Sneha Kulkarni', 'Rohit Bansal'],
    ['Everest Tea Pvt Ltd', 'Indus Spice Pvt Ltd'],
  ),
  country(
    'Kuwait',
    'Asia/Kuwait',
    'KWD',
    ['Fatima Al-Sabti', 'Yousef Al-Enezi'],
    ['Gulf Date Company W.L.L.', 'Desert Spring Water W.L.L.'],
  ),
]
