// Days as whole numbers since 1970: calendars without clocks or time zones.

export const DAY = 86_400_000;

/** @returns {number} the day of an ISO date. */
export const dayOf = (text) => Math.round(Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / DAY);

/** @returns {string} a day as an ISO date. */
export const iso = (day) => new Date(day * DAY).toISOString().slice(0, 10);

/** @returns {number} the day that lies a number of days, weeks, months or years later; the last of a month stays within it. */
export function addTo(day, unit, count) {
  if (unit === "day" || unit === "week") return day + count * (unit === "week" ? 7 : 1);
  const date = new Date(day * DAY);
  const months = date.getUTCMonth() + (unit === "year" ? 12 : 1) * count;
  const last = new Date(Date.UTC(date.getUTCFullYear(), months + 1, 0)).getUTCDate();
  return Date.UTC(date.getUTCFullYear(), months, Math.min(date.getUTCDate(), last)) / DAY;
}
