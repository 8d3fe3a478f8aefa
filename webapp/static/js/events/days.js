// Days as whole numbers since 1970: calendars without clocks or time zones.

export const DAY = 86_400_000;

/**
 * Return the day of an ISO date.
 * @param {string} text
 * @returns {number}
 */
export const dayOf = (text) => Math.round(Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / DAY);

/**
 * Return a day as an ISO date.
 * @param {number} day
 * @returns {string}
 */
export const isoDate = (day) => new Date(day * DAY).toISOString().slice(0, 10);

/**
 * Return the day that lies a number of days, weeks, months or years later; the last of a month stays within it.
 * @param {number} day
 * @param {TimeUnit} unit
 * @param {number} count
 * @returns {number}
 */
export function addUnits(day, unit, count) {
  if (unit === "day" || unit === "week") return day + count * (unit === "week" ? 7 : 1);
  const date = new Date(day * DAY);
  const months = date.getUTCMonth() + (unit === "year" ? 12 : 1) * count;
  const last = new Date(Date.UTC(date.getUTCFullYear(), months + 1, 0)).getUTCDate();
  return Date.UTC(date.getUTCFullYear(), months, Math.min(date.getUTCDate(), last)) / DAY;
}
